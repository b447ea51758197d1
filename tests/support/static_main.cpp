// SPDX-License-Identifier: BSL-1.0
// The program around a file of static_asserts: it has passed when it compiles.
int main() {}
