// SPDX-License-Identifier: BSL-1.0
// The library with libc++, and <ashlar/mdspan.hpp>, which needs a standard library that has <mdspan>.
#include <ashlar/ashlar.hpp>
#include <ashlar/mdspan.hpp>

#include <cstdio>
#include <span>
#include <string>
#include <vector>

using ashlar::Tensor, ashlar::TensorView;
using std::extents, std::mdspan, std::dynamic_extent;

namespace {

int failures = 0;
void check(bool holds, const char* what) {
    if (!holds) std::printf("failed: %s\n", what), ++failures;
}

template <class M> std::string fault_of(const M& m) {
    try {
        (void)ashlar::as_view<2, 3>(m);
    } catch (const ashlar::error& e) {
        return e.what();
    }
    return {};
}

#ifdef WRONG_EXTENTS
void wrong(mdspan<float, extents<int, 2, 4>> m) { (void)ashlar::as_view<2, 3>(m); }
#endif
#ifdef EXTENTS_OF_RUN_TIME
void wrong(mdspan<float, extents<int, 2, dynamic_extent>> m) { (void)ashlar::as_view(m); }
#endif

}  // namespace

int main() {
    std::vector<float> memory{1, 2, 3, 4, 5, 6};
    const mdspan<float, extents<int, 2, 3>> fixed(memory.data());
    const mdspan<float, std::dextents<int, 2>> open(memory.data(), 2, 3);

    auto view = ashlar::as_view(fixed);
    static_assert(std::is_same_v<decltype(view), TensorView<float, 2, 3>>);
    check(view.data() == memory.data(), "a view of an mdspan is its memory");
    const Tensor<float, 2> sums = ashlar::sum<1>(ashlar::as_view<2, 3>(open));
    check(sums == Tensor<float, 2>{6, 15}, "an mdspan of dynamic extents is an operand");
    view = view * 2.f;
    check(fixed[1, 2] == 12 && memory[0] == 2, "what is written to the view is in the mdspan");
    const mdspan<const float, extents<int, 2, 3>> read_only(fixed);
    static_assert(std::is_same_v<decltype(ashlar::as_view(read_only)), TensorView<const float, 2, 3>>);

    check(fault_of(mdspan<float, std::dextents<int, 2>>(memory.data(), 2, 2)) ==
              "as_view: extent 1 of the mdspan is 2, the view's is 3",
          "another extent is an error");
    using strided = mdspan<float, extents<int, 2, 3>, std::layout_stride>;
    const strided columns(memory.data(), std::layout_stride::mapping(extents<int, 2, 3>{}, std::array{1, 2}));
    check(fault_of(columns) == "as_view: stride 1 of the mdspan is 2, in row-major memory it would be 1",
          "strides other than a tensor's are an error");
    const strided rows(memory.data(), std::layout_stride::mapping(extents<int, 2, 3>{}, std::array{3, 1}));
    check(ashlar::as_view(rows)(1, 2) == 12, "strides of a tensor are none");
    check(!fault_of(mdspan<float, extents<int, 2, 3>, std::layout_left>(memory.data())).empty(),
          "columns one after the other are an error");
    const mdspan<float, extents<int, 1, 6>, std::layout_left> one(memory.data());
    check(ashlar::as_view(one)(0, 5) == 12, "but not where there is one row");

    check(ashlar::as_view(mdspan<const float, extents<int>>(memory.data()))() == 2, "an mdspan may be one number");
    Tensor<float, 2, 3> t = ashlar::as_view(fixed) + 1.f;
    const auto span = ashlar::as_mdspan(t);
    static_assert(std::is_same_v<decltype(span), const mdspan<float, extents<std::size_t, 2, 3>>>);
    span[1, 0] = 70;
    check(t(1, 0) == 70 && span[0, 2] == t(0, 2), "an mdspan of a tensor is its memory");
    static_assert(std::is_same_v<decltype(ashlar::as_mdspan(std::as_const(t))),
                                 mdspan<const float, extents<std::size_t, 2, 3>>>);
    check(ashlar::as_mdspan(view).data_handle() == memory.data(), "and so is one of a view");

    // A training step and a compiled model: whatever of a standard library these need.
    ashlar::nn::Sequential<ashlar::nn::Linear<3, 4>, ashlar::nn::Tanh, ashlar::nn::Linear<4, 1>> model{ashlar::seed(0)};
    ashlar::optim::Adam adam{model};
    const Tensor<float, 2, 1> y{{1}, {-1}};
    const float before = ashlar::eval(ashlar::nn::MSELoss{}(model(t), y));
    for (int i = 0; i < 100; ++i) adam.step(ashlar::nn::MSELoss{}(model(t), y));
    check(static_cast<float>(ashlar::eval(ashlar::nn::MSELoss{}(model(t), y))) < before, "a model learns");
    std::printf("%s\n", failures == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
    return failures;
}
