#include "random/math_many.hpp"

#include "random/lanes.hpp"

#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "random/math_many.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace doudi::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void log_many_here(const double* x, std::size_t n, double* out) {
    const hn::CappedTag<double, most_lanes<double>> d;
    const hn::Rebind<std::int64_t, decltype(d)> whole;
    const auto one = hn::Set(d, 1.0);
    for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
        const auto bits = hn::BitCast(whole, hn::LoadU(d, x + i));
        const auto fraction = hn::And(bits, hn::Set(whole, std::int64_t{0x000FFFFFFFFFFFFF}));
        const auto over = hn::Gt(hn::BitCast(d, hn::Or(fraction, hn::Set(whole, std::int64_t{0x3FF0000000000000}))), hn::Set(d, 1.4142135623730951));
        const auto halved = hn::IfThenElseZero(hn::RebindMask(whole, over), hn::Set(whole, std::int64_t{1}));
        const auto m = hn::BitCast(d, hn::Sub(hn::Or(fraction, hn::Set(whole, std::int64_t{0x3FF0000000000000})), hn::ShiftLeft<52>(halved)));
        const auto exponent = hn::ConvertTo(d, hn::Add(hn::Sub(hn::ShiftRight<52>(bits), hn::Set(whole, std::int64_t{1023})), halved));
        const auto s = hn::Div(hn::Sub(m, one), hn::Add(m, one));
        const auto q = hn::Mul(s, s);
        auto sum = hn::Set(d, 1.0 / 21.0);
        for (int k = 19; k >= 1; k -= 2) sum = hn::Add(hn::Mul(sum, q), hn::Set(d, 1.0 / static_cast<double>(k)));
        hn::StoreU(hn::Add(hn::Mul(hn::Mul(hn::Set(d, 2.0), s), sum), hn::Mul(exponent, hn::Set(d, 0.6931471805599453))), d, out + i);
    }
}

void exp_many_here(const double* x, std::size_t n, double* out) {
    const hn::CappedTag<double, most_lanes<double>> d;
    const hn::Rebind<std::int64_t, decltype(d)> whole;
    const auto one = hn::Set(d, 1.0);
    for (std::size_t i = 0; i < n; i += hn::Lanes(d)) {
        const auto at = hn::LoadU(d, x + i);
        const auto k = hn::Floor(hn::Add(hn::Mul(at, hn::Set(d, 1.4426950408889634)), hn::Set(d, 0.5)));
        const auto r = hn::Sub(hn::Sub(at, hn::Mul(k, hn::Set(d, 0.6931471803691238))), hn::Mul(k, hn::Set(d, 1.9082149292705877e-10)));
        auto sum = one;
        for (int term = 13; term >= 1; --term) sum = hn::Add(one, hn::Div(hn::Mul(sum, r), hn::Set(d, static_cast<double>(term))));
        const auto power = hn::BitCast(d, hn::ShiftLeft<52>(hn::Add(hn::ConvertTo(whole, k), hn::Set(whole, std::int64_t{1023}))));
        hn::StoreU(hn::Mul(sum, power), d, out + i);
    }
}

}  // namespace doudi::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace doudi {
namespace {
HWY_EXPORT(log_many_here);
HWY_EXPORT(exp_many_here);
}

void log_many(const double* x, std::size_t n, double* out) { HWY_DYNAMIC_DISPATCH(log_many_here)(x, n, out); }
void exp_many(const double* x, std::size_t n, double* out) { HWY_DYNAMIC_DISPATCH(exp_many_here)(x, n, out); }

}  // namespace doudi
#endif
