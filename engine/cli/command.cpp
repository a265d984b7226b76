#include "cli/command.hpp"

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/language.hpp"
#include "cli/refused.hpp"
#include "dynamics/sieve.hpp"
#include "version_info.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <new>

namespace doudi::cli {
namespace {

/// DOUDI_VECTOR allows only lesser vector units than the processor has.
void heed_vector_unit() {
    if (const char* unit = std::getenv("DOUDI_VECTOR")) limit_vector_unit(unit);
}

std::string version() {
    heed_vector_unit();
    return fmt::format("doudi {}\ngit {}{}\nbuild {}\nvector unit {}\n", DOUDI_VERSION, DOUDI_GIT_HASH, DOUDI_GIT_DIRTY ? " with local changes" : "", DOUDI_BUILD, vector_unit());
}

/// `chinese`: set as soon as the language is known, for what goes wrong after.
int dispatch(int argc, char** argv, bool& chinese) {
    chinese = asks_for_chinese({argv + 1, argv + argc});
    CLI::App app{chinese ? "兜底（Doudi）：社会救助要花多少钱，逐户计算，并说明把握有多大" : "Doudi (兜底): what social assistance will cost, household by household, and how sure that is"};
    app.name("doudi");
    app.require_subcommand(1);
    Commands commands(app, chinese);
    app.set_version_flag("--version", version, chinese ? "显示版本" : "print the version");
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& e) {
        return app.exit(e);  // --help, --version
    } catch (const CLI::ParseError& e) {
        throw InputError("", refused(app, e));
    }
    heed_vector_unit();
    return commands.run();
}

}  // namespace

int command(int argc, char** argv) {
    bool chinese = false;
    const auto error = [&] { return chinese ? "错误：" : "error: "; };
    try {
        return dispatch(argc, argv, chinese);
    } catch (const InputError& e) {
        std::cerr << e.told(chinese) << '\n';
        return 2;
    } catch (const std::bad_alloc&) {
        std::cerr << error() << (chinese ? "内存不足；请减少 --replicates、--months 或 --threads，或分批指定 --counties" : "out of memory; lower --replicates, --months or --threads, or take fewer --counties at a time") << std::endl;
        _exit(1);
    } catch (const SystemError& e) {
        std::cerr << error() << e.told(chinese) << std::endl;
        std::cout.flush();
        _exit(1);  // libhdf5's own cleanup may fail again after a full disk
    } catch (const std::exception& e) {
        std::cerr << (chinese ? "错误：系统提示：" : "error: ") << e.what() << std::endl;
        std::cout.flush();
        _exit(1);  // libhdf5's own cleanup may fail again after a full disk
    }
}

}  // namespace doudi::cli
