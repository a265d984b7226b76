#pragma once
#include <filesystem>
#include <functional>
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

/// Runs `work`, which reads a file that nothing vouches for, in a child process first: a crash, a hang or a demand for
/// memory without end becomes an InputError that names the file, and faults that are found there are told here. If there are none, runs it here.
void read_with_care(const std::filesystem::path& file, const std::function<void()>& work);

}  // namespace doudi
