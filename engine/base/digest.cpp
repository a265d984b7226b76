#include "base/digest.hpp"

#include "base/error.hpp"

#include <openssl/evp.h>

#include <array>
#include <bit>

namespace doudi {

static_assert(std::endian::native == std::endian::little, "digests and journals are written in little-endian order");

struct Digest::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

Digest::Digest() : state_(std::make_unique<State>()) {
    if (!state_->context || EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1) throw SystemError({"cannot start SHA-256", "无法启动 SHA-256"});
}
Digest::~Digest() = default;

void Digest::add(std::string_view bytes) { EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()); }

void Digest::add(std::span<const std::int64_t> numbers) {
    EVP_DigestUpdate(state_->context, numbers.data(), numbers.size_bytes());
}

std::string Digest::hex() {
    std::array<unsigned char, 32> raw{};
    EVP_DigestFinal_ex(state_->context, raw.data(), nullptr);
    std::string text;
    for (const unsigned char byte : raw) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

std::string sha256(std::string_view bytes) {
    Digest digest;
    digest.add(bytes);
    return digest.hex();
}

}  // namespace doudi
