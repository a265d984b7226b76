#pragma once
#include "base/error.hpp"

#include <hdf5.h>

#include <string>
#include <utility>

namespace doudi::h5 {

/// Throws SystemError with what was being done if libhdf5 reports failure.
inline hid_t check(hid_t id, const std::string& what) {
    if (id < 0) throw SystemError(both("HDF5: cannot {}", "HDF5 操作失败，程序提示：{}", what));
    return id;
}

/// An HDF5 identifier that closes itself.
class Id {
public:
    Id(hid_t id, herr_t (*close)(hid_t), const std::string& what) : id_(check(id, what)), close_(close) {}
    Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
    Id(const Id&) = delete;
    Id& operator=(const Id&) = delete;
    Id& operator=(Id&&) = delete;
    ~Id() {
        if (id_ >= 0) close_(id_);
    }
    operator hid_t() const { return id_; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

}  // namespace doudi::h5
