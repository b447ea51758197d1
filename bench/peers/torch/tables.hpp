// SPDX-License-Identifier: BSL-1.0
#pragma once

// Each adds libtorch's rows to the table of its name.
void gemm();
void elementwise();
void mlp();
void training();
void lenet();
void layers();
void memory();
