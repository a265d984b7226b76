// Any line to `doudi assess`: decided, with amounts that are not negative, or answered with an error; always JSON.
#include "cli/assess.hpp"
#include "fuzz/folder.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    bool ok = false;
    const std::string answer = doudi::cli::assess_line({reinterpret_cast<const char*>(data), size}, ok);
    const auto json = nlohmann::json::parse(answer);
    HOLDS(json.contains("error") != ok && answer.find('\n') == std::string::npos);
    if (!ok) return 0;
    for (const auto& [programme, amount] : json["pay"].items()) HOLDS(amount.get_ref<const std::string&>().front() != '-');
    return 0;
}
