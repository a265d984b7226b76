// Included once for each vector unit by a file that uses Highway's foreach_target: hence no pragma once.
#if defined(DOUDI_MASK_BITS) == defined(HWY_TARGET_TOGGLE)
#ifdef DOUDI_MASK_BITS
#undef DOUDI_MASK_BITS
#else
#define DOUDI_MASK_BITS
#endif

#include <array>
#include <cstdint>
#include <cstring>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace doudi::HWY_NAMESPACE {

/// 64 answers, a bit each, put together from the masks of a loop over [0, 64) in steps of the lanes. They are read once at
/// the end: a word read right after one of its bytes was written has to wait for the store.
template <class D>
class MaskBits {
public:
    template <class Mask>
    void put(D d, Mask mask, std::size_t from) {
        hwy::HWY_NAMESPACE::StoreMaskBits(d, mask, part_.data() + from / lanes * bytes);
    }
    std::uint64_t value() const {
        std::uint64_t all = 0;
        if constexpr (lanes >= 8) {
            std::memcpy(&all, part_.data(), 8);
        } else {
            for (std::size_t k = 0; k < 64 / lanes; ++k) all |= std::uint64_t{part_[k]} << (k * lanes);
        }
        return all;
    }

private:
    static constexpr std::size_t lanes = hwy::HWY_NAMESPACE::MaxLanes(D()), bytes = (lanes + 7) / 8;
    static_assert(lanes <= 64, "and every lane is used: no unit of variable length");
    std::array<std::uint8_t, 64 / lanes * bytes + 8> part_{};  // a store may write up to eight bytes
};

}  // namespace doudi::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
