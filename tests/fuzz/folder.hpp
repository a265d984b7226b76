#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <unistd.h>

/// A scenario folder of two small counties, made once from the shipped files, in memory where there is a /dev/shm:
/// a target changes one file of it and loads it thousands of times.
class Folder {
public:
    Folder() {
        namespace fs = std::filesystem;
        const fs::path base = fs::is_directory("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
        path_ = base / ("doudi-fuzz-" + std::to_string(::getpid()));
        fs::remove_all(path_);
        fs::copy(fs::path(DOUDI_SOURCE_DIR) / "scenarios", path_, fs::copy_options::recursive);
        keep("data/counties.csv", {"220623,", "222402,"});
        keep("data/dibao-standards-2024.csv", {",长白县,", ",图们市,"});
        write("data/indicators.csv", "key,value,year,confidence\njl.pop.total,143514,2020,high\n");
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    std::string read(const std::string& name) const {
        std::ifstream in(path_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void write(const std::string& name, std::string_view text) const {
        std::ofstream(path_ / name, std::ios::binary | std::ios::trunc).write(text.data(), static_cast<std::streamsize>(text.size()));
    }

private:
    /// Keeps the header and the lines that have one of the words.
    void keep(const std::string& name, std::initializer_list<const char*> words) const {
        std::ifstream in(path_ / name);
        std::string kept, line;
        for (bool header = true; std::getline(in, line); header = false)
            for (const char* word : words)
                if (header || line.find(word) != std::string::npos) {
                    kept += line + '\n';
                    break;
                }
        in.close();
        write(name, kept);
    }
    std::filesystem::path path_;
};

/// What a target holds true of a program that is not broken; a false one stops the fuzzer.
#define HOLDS(condition)                                                                                   \
    do {                                                                                                   \
        if (!(condition)) {                                                                                \
            std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);            \
            std::abort();                                                                                  \
        }                                                                                                  \
    } while (false)
