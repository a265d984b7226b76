// A resumable file with any records: whole ones are taken, torn or false ones dropped; one of another run is refused.
#include "base/digest.hpp"
#include "base/error.hpp"
#include "fuzz/folder.hpp"
#include "storage/journal.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace doudi;

namespace {

/// What follows the head in the record of a county of nothing: chunks, each behind its size.
std::string real_body() {
    std::string body;
    for (const auto& cube : pack(Tally(1, 1, 1)))
        for (const Chunk& chunk : cube) {
            const std::uint64_t size = chunk.size();
            body.append(reinterpret_cast<const char*>(&size), sizeof size);
            body += chunk;
        }
    return body;
}

/// Sealed records that say anything: a fuzzer does not guess a SHA-256, so the target takes it.
std::string records_from(std::string_view bytes) {
    static const std::string real = real_body();
    std::string all;
    while (bytes.size() >= 4) {
        const auto kind = static_cast<unsigned char>(bytes[0]), length = static_cast<unsigned char>(bytes[1]);
        std::uint64_t head[2] = {222400u + static_cast<unsigned char>(bytes[2]) % 4, 0};
        const auto at = static_cast<unsigned char>(bytes[3]) % real.size();
        bytes.remove_prefix(4);
        std::string packed(bytes.substr(0, length));
        bytes.remove_prefix(packed.size());
        if ((kind & 4) != 0) packed = std::string(real).replace(at, packed.size(), packed);  // a real record with wrong bytes in it
        head[1] = packed.size();
        if ((kind & 1) != 0 && bytes.size() >= sizeof head) {  // sizes of the fuzzer's own
            std::memcpy(head, bytes.data(), sizeof head);
            bytes.remove_prefix(sizeof head);
        }
        std::string record(reinterpret_cast<const char*>(head), sizeof head);
        record += packed;
        all += record + sha256(record);
    }
    return all + std::string(bytes);  // a torn tail
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    const std::string digest(64, 'a');
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const bool raw = size > 0 && (data[0] & 2) != 0;
    folder.write("fuzzed.part", raw ? std::string(bytes) : "doudi journal 2\n" + digest + "\n" + records_from(bytes));
    std::size_t found = 0;
    try {
        Journal journal(folder / "fuzzed.part", digest, true);
        for (int county = 222400; county < 222404; ++county) {
            Tally tally(1, 1, 1);
            if (journal.find(county, tally)) ++found;
        }
        HOLDS(found <= journal.finished());
        journal.append(222405, Tally(1, 1, 1));
    } catch (const InputError& e) {
        HOLDS(!e.faults().empty());
        return 0;
    }
    Journal again(folder / "fuzzed.part", digest, true);
    Tally tally(1, 1, 1);
    HOLDS(again.find(222405, tally));  // what was appended after a torn tail is found again
    return 0;
}
