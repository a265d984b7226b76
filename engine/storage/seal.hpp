#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace doudi {

/// Every results file ends in a seal: the SHA-256 of all bytes before it. libhdf5 and its readers do not look beyond the
/// end that the file itself states, so the seal is invisible to them. What does not agree is refused before libhdf5
/// sees it: checksums of HDF5 cover the chunks and the metadata of the newer formats, not every byte that it trusts.
inline constexpr std::string_view seal_mark = "\ndoudi-seal-1 ";
inline constexpr std::size_t seal_size = seal_mark.size() + 64 + 1;
std::string seal_for(std::string_view image);
/// Whether the file ends in a seal. Throws InputError if it cannot be read, or if the seal does not agree.
bool sealed(const std::filesystem::path& file);

}  // namespace doudi
