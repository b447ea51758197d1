// SPDX-License-Identifier: BSL-1.0
// The functions of the library beside `using namespace std`, with all of std's headers. Only names that std has as
// types need `ashlar::`: any, slice, stack, ratio and predicate; std itself; and index, which is a function of C.
// labels: text
#if __has_include(<bits/stdc++.h>)
    #include <bits/stdc++.h>
#else
    #include <algorithm>
    #include <any>
    #include <cmath>
    #include <complex>
    #include <numeric>
    #include <random>
    #include <ranges>
    #include <ratio>
    #include <stack>
    #include <valarray>
#endif

#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

using namespace std;
using namespace ashlar;

namespace {

using matrix = Tensor<float, 2, 3>;

template <class E> constexpr bool is(const E&) { return typed_expression<E>; }

// A and B: a tensor, one that is const, a temporary, a view or an expression.
template <class A, class B> constexpr bool operators(A&& a, B&& b) {
    return is(a + b) && is(a - b) && is(a * b) && is(a / b) && is(-a) && is(a < b) && is(a <= b) && is(a > b) &&
           is(a >= b) && is(eq(a, b)) && is(ne(a, b)) && is(pow(a, b)) && is(pow(a, 2)) && is(pow(2, a)) &&
           is(minimum(a, b)) && is(maximum(a, b)) && is(maximum(a, 0)) && is(where(a < b, a, b)) &&
           is(clamp(a, b, b)) && is(clamp(a, 0, 1)) && is(matmul(a, transpose(b))) &&
           is(dot(reshape<6>(a), reshape<6>(b))) && is(concat<0>(a, b)) && is(clamp(a, a, a)) && is(pow(a, a)) &&
           is(minimum(a, a)) && is(atan2(a, b)) && is(hypot(a, b)) && is(hypot(a, a)) && is(logaddexp(a, b)) &&
           is(fmod(a, b)) && is(fmod(a, 2)) && is(remainder(a, b)) && is(a && b) && is(a || b);
}
template <class A> constexpr bool functions(A&& a) {
    return is(exp(a)) && is(expm1(a)) && is(log(a)) && is(log1p(a)) && is(sqrt(a)) && is(rsqrt(a)) &&
           is(square(a)) && is(sin(a)) && is(cos(a)) && is(tan(a)) && is(asin(a)) && is(acos(a)) && is(atan(a)) &&
           is(sinh(a)) && is(cosh(a)) && is(tanh(a)) && is(erf(a)) && is(abs(a)) && is(sign(a)) && is(floor(a)) &&
           is(ceil(a)) && is(round(a)) && is(sigmoid(a)) && is(silu(a)) && is(softplus(a)) && is(relu(a)) &&
           is(leaky_relu(a, 0.1f)) && is(gelu(a)) && is(isnan(a)) && is(isinf(a)) && is(isfinite(a)) &&
           is(to<double>(a)) && is(stop_gradient(a)) && is(asinh(a)) && is(acosh(a)) && is(atanh(a)) && is(erfc(a)) &&
           is(lgamma(a)) && is(digamma(a)) && is(polygamma(1, a)) && is(!a) && is(elu(a)) && is(selu(a)) &&
           is(celu(a, 2)) && is(mish(a)) && is(logsigmoid(a)) && is(softsign(a)) && is(hardtanh(a)) && is(relu6(a)) &&
           is(hardsigmoid(a)) && is(hardswish(a)) && is(hardshrink(a)) && is(softshrink(a)) && is(tanhshrink(a)) &&
           is(threshold(a, 0, 1)) && is(prelu(a, 0.1f));
}
template <class A> constexpr bool reductions(A&& a) {
    return is(sum(a)) && is(sum<0>(a)) && is(mean(a)) && is(mean<1, keepdim>(a)) && is(prod(a)) &&
           is(prod<1>(a)) && is(var(a)) && is(var<0>(a)) && is(max(a)) && is(max<1>(a)) && is(min(a)) &&
           is(min<0>(a)) && is(amax<1>(a)) && is(amin(a)) && is(argmax<1>(a)) && is(argmin(a)) && is(all(a < 1)) &&
           is(all<0>(a < 1)) && is(logsumexp<1>(a)) && is(softmax<1>(a)) && is(log_softmax<1>(a)) &&
           is(softmin<1>(a)) && is(norm<2>(a)) && is(norm<1, 0>(a)) && is(ashlar::std<0>(a)) && is(glu<0>(a)) &&
           is(swiglu<0>(a));
}
template <class A> constexpr bool movement(A&& a) {
    return is(transpose(a)) && is(transpose<0, 1>(a)) && is(permute<1, 0>(a)) && is(reshape<3, 2>(a)) &&
           is(flatten(a)) && is(flip<1>(a)) && is(expand<4, 2, 3>(a)) && is(squeeze<0>(unsqueeze<0>(a))) &&
           is(split<1, 1, 2>(a).template get<0>());
}
template <class A> constexpr bool functions_of(A&& a) { return functions(a) && reductions(a) && movement(a); }

// Functions on models, data and programs: only whether they are found.
using network = nn::Sequential<nn::Linear<3, 2>>;
using data = data_set<float, Shape<3>>;
using answer = decltype(declval<const network&>()(matrix{}));
template <class Out, class Loss, class Optimizer, class Criterion>
concept finds_programs = requires(network& model, Out& out, Loss loss, Optimizer& sgd, Criterion criterion, data rows,
                                  Workspace<answer>& scratch) {
    evaluate(model(matrix{}), out, scratch);
    evaluate(model(matrix{}), out);
    initialize(model, seed(1));
    call(model, matrix{});
    backward(loss, sgd.gradients());
    compile(model);
    let(matrix{}, [](auto x) { return x * x; });
    split(rows, 1);
    fit<2>(model, criterion, sgd, rows);
    accuracy(model, rows);
    mean_loss(model, criterion, rows);
    confusion_matrix<2>(model, rows);
    read_csv<float, 3>("nowhere.csv");
    print(loss);
    grad(sum(variable<"x">(out)), variable<"x">(out));
};
using sgd = optim::SGD<network, optim::plain_sgd>;
static_assert(finds_programs<Tensor<float, 2, 2>, decltype(sum(declval<answer>())), sgd, nn::CrossEntropyLoss<>>);

}  // namespace

static_assert(parameter_count<nn::Linear<3, 2>> == 8 && flops<nn::Linear<3, 2>, Shape<1, 3>> > 0);
constexpr bool found = [] {
    const matrix a = matrix::ones();
    matrix b = a;
    return operators(a, a) && operators(a, b) && operators(b, b) && operators(a + b, b) &&
           operators(TensorView<const float, 2, 3>{a}, b) && functions_of(a) && functions_of(b) &&
           functions_of(a * b) && is(clamp(matrix{}, matrix{}, matrix{})) && is(clamp(matrix{}, a, a)) &&
           is(ashlar::any(a < b)) && is(ashlar::slice<0, 0, 1>(a)) && is(ashlar::stack<0>(a, b));
}();
static_assert(found);
static_assert(eval(clamp(matrix::full(3), matrix::ones(), matrix::full(2))) == matrix::full(2));
