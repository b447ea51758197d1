// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

// What was measured, not derived: where one way of multiplying becomes faster than another. Beside each number stand
// rows of bench/ whose sizes lie on either side of it, to be measured when it is changed: `gemm`, `training` and `mlp`
// are tables of their own, M x K x N of `gemm` is A of M x K by B of K x N; `cliffs` are sweeps over neighbouring
// sizes, by name. Ways of multiplying add up in orders of their own: where another one is taken, last bits change.
namespace ashlar::kernels::machine {

using elements = std::ptrdiff_t;
using bytes = std::ptrdiff_t;

// ---- registers ----

// AVX-512 has 32 registers, loads under a mask for nothing, and second caches of a megabyte and more.
#if defined(__AVX512F__)
inline constexpr bool has_avx512 = true;
#else
inline constexpr bool has_avx512 = false;
#endif

// A tile of 6 x 2 vectors leaves room for two vectors of B and one of A in 16 registers. gemm/256x256x256.
inline constexpr std::ptrdiff_t tile_rows = 6, tile_vectors = 2;
// Vectors of the widest panel of a product of static extents, which has tiles of 4 x 3. cliffs/outer.
inline constexpr std::ptrdiff_t widest_panel = 3;
// Rows of a tile of so many vectors: sums enough to hide the latency of one addition, few enough for the registers.
// gemm/8x8x8 (one vector), gemm/16x16x16 (two), cliffs/cube (three). With 32 registers, whose broadcasts are part of
// the multiplication, more sums read B less often: gemm/64x128x10 (one vector), gemm/32x784x128 (two).
constexpr std::ptrdiff_t most_rows(std::ptrdiff_t vectors) {
    if (has_avx512 && vectors <= tile_vectors) return vectors == 1 ? 16 : 8;
    return vectors == 1 ? 8 : vectors == tile_vectors ? tile_rows : vectors == widest_panel ? 4 : 1;
}
// Vectors of sums of rows that lie side by side. gemm/4x4x4.
inline constexpr std::ptrdiff_t narrow_vectors = 4;
// Vectors of one row's product, of which each sum has a register. gemm/1x64x64, gemm/1x784x128.
inline constexpr std::ptrdiff_t strip_vectors = 8;
// Dot products at a time, at least: chains that hide the latency of an addition. mlp/784-128-10.
inline constexpr std::ptrdiff_t dot_chains = 8;

// ---- how long loops are written out ----

// Terms from which a tile of few sums deals them to several sets of registers (this decides the order of sums), and up
// to which one of many takes four terms a turn: the end of a loop of some 30 turns is guessed wrong, once a tile, which
// short sums feel. gemm/16x16x16, gemm/64x64x64; with AVX-512 also gemm/32x784x128.
inline constexpr std::ptrdiff_t least_dealt_terms = 16, most_written_terms = has_avx512 ? 1024 : 256, full_sums = 8;
// Elements of one row's panel that are read from beyond the first cache, and fetched ahead. gemm/1x784x128.
inline constexpr elements fetched_ahead = 8192;

// ---- dot products: both factors lie along the sum ----

// Rows that are multiplied by a transposed B as dot products, if they are no shorter than this. mlp/784-128-10 (one
// row), training/2-8-2_b4.
inline constexpr std::ptrdiff_t most_dot_rows = 4, least_dot_terms = 8;
// The same where code is made for the extents: more rows of longer sums, or any number of rows that make few outputs.
// Otherwise B would be turned first. gemm/64x128x10 with a transposed B, training/784-128-10_b64.
inline constexpr std::ptrdiff_t long_dot_terms = 32, most_dot_terms = 128, few_outputs = 4, some_outputs = 12;
// A transposed B of so few terms and elements is read where it lies, lane by lane, for few rows. training/2-8-2_b4.
inline constexpr std::ptrdiff_t most_gathered_rows = 8, gathered_below = 8;
inline constexpr elements most_gathered = 64;

// ---- what is packed ----

// Elements of B that may stay where they are: their rows then lie within the pages that one tile reaches.
// gemm/128x128x128 stays, gemm/256x256x256 is packed; with AVX-512 gemm/256x256x256 stays, gemm/512x512x512 is packed.
inline constexpr elements most_unpacked = (has_avx512 ? 128 : 32) * 1024;
// Rows of A up to which a panel is read too rarely to be worth a copy. gemm/16x16x16, training/784-128-10_b64.
inline constexpr std::ptrdiff_t rows_without_copy = 24;
// Few tiles of long sums copy a panel in passing: to copy it before is a good part of the work. Short sums would feel
// that they come through memory. gemm/32x784x128, gemm/128x512x512.
inline constexpr std::ptrdiff_t most_passing_rows = 128, least_passing_terms = 256;
// Panels of B that are packed together where A is larger than this: each tile's rows of A are fetched once for all of
// them. They stay in the second cache. gemm/512x512x512, gemm/1024x1024x1024.
inline constexpr bytes panels_in_cache = 256 * 1024;
// A transposed A is copied tile by tile where its columns are long, each of their elements on a cache line of its own:
// terms, columns of B and rows from which it is. training/784-128-10_b64 stays below, lenet is above.
inline constexpr std::ptrdiff_t least_packed_terms = 192, least_packed_columns = 64, least_packed_rows = 32;
// Elements of a packed A; more goes in blocks of at least so many tiles, for each of which B is packed again.
// gemm/1024x1024x1024 with a transposed A goes at once.
inline constexpr elements most_packed_left = 2048 * 1024;
inline constexpr std::ptrdiff_t least_block_tiles = 16;

// ---- convolutions ----

// A tile of 4 channels x 3 vectors of windows leaves room for three vectors of the image and one weight in 16
// registers; 32 hold twice the channels, whose tiles are less often begun and ended. lenet.
inline constexpr std::ptrdiff_t few_conv_rows = 4, conv_rows = has_avx512 ? 8 : few_conv_rows, conv_vectors = 3;

// ---- one row times a matrix ----

// The matrix is read as it lies, some rows at a time, if it is larger than the first cache and one of its rows is not:
// gemm/1x784x128 (392 KB) is, gemm/1x64x64 (16 KB) is not.
inline constexpr bytes first_cache = 32 * 1024, longest_row = 8 * 1024;
// Rows of the matrix that are taken together. gemm/1x784x128.
inline constexpr std::ptrdiff_t rows_together = 8;

// ---- matrices of compiled models ----

// Outputs up to which a matrix stays as it is: dot products read fewer vectors, as they broadcast nothing.
// mlp/2-8-2, mlp/16-64-64-4.
inline constexpr std::ptrdiff_t most_unturned_outputs = 4;
// Bytes of a row of a turned matrix, at least: half a cache line.
inline constexpr bytes least_row = 32;

}  // namespace ashlar::kernels::machine
