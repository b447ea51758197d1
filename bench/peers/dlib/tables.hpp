// SPDX-License-Identifier: BSL-1.0
#pragma once

// Each adds dlib's rows to the table of its name.
void mlp();
void training();
void lenet();
