#include "cli/desk.hpp"

#include "base/error.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace doudi::cli {
namespace {

/// The Python that has our package: DOUDI_PYTHON, or the .venv that `make` puts beside the build, or python3 of the path.
std::string python() {
    namespace fs = std::filesystem;
    if (const char* chosen = std::getenv("DOUDI_PYTHON")) return chosen;
    std::error_code ignored;
    const fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / "../../.venv/bin/python";
    return fs::exists(beside, ignored) ? beside.lexically_normal().string() : "python3";
}

}  // namespace

int desk(const char* command, const std::vector<std::string>& arguments) {
    static constexpr const char* start =
        "import sys\n"
        "try:\n"
        "    from doudi.__main__ import main\n"
        "except ModuleNotFoundError as e:\n"
        "    print(f'error: {sys.executable} has no package {e.name}; run `make package`, or `pip install .` in the source folder, or set DOUDI_PYTHON to a Python that has it', file=sys.stderr)\n"
        "    sys.exit(2)\n"
        "sys.exit(main())";
    const std::string chosen = python();
    std::vector<std::string> words{chosen, "-c", start, command};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    throw InputError("DOUDI_PYTHON", both("there is no {}; {} needs Python with the package doudi (`make package`, or pip install . in the source folder)", "没有 {}；{} 需要装有 doudi 包的 Python（`make package`，或在源码文件夹中 pip install .）", chosen, command));
}

}  // namespace doudi::cli
