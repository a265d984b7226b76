#include "catch.hpp"
#include "scenario/characters.hpp"

#include <toml++/toml.h>

#include <algorithm>

using namespace doudi;

TEST_CASE("a character that is not ASCII is let through in quotes and comments alone", "[scenario][characters]") {
    for (const char* fine : {"why = \"《办法》，。\" # 《\n", "\xEF\xBB\xBFtitle = '标准'\n", "a = \"\"\"\n《\n\"\"\"\"\" # é\nb = 1\n", "a = ['《', # é\n  \"é\"]\nb = {c = \"《\", d = 'é'}\n",
                             "[a.\"标准\"]\n\"标准\".'é' = 1\n", "a = \"\\\"《\"\n", "a = 'x\n", "a = \"b#c\" # 《\n", "a = 0.'''''b\n"}) {
        CAPTURE(fine);
        CHECK_FALSE(stray_character(fine));
    }
    for (const auto& [text, at] : {std::pair<std::string_view, std::size_t>{"a = “b”\n", 4}, {"《 = 1\n", 0}, {"a = \"b\"，\n", 7}, {"a = \"b\nc《\"\n", 8},
                                   // Quotes that toml++ does not take for a text: they begin in the middle of a value.
                                   {"a=[0.'''''bЖc\n", 11}, {"a = 0.\"é\"\n", 7}, {"a = +'é'\n", 6}, {"a = 1979-05-27 'é'\n", 16}, {"a = 0.'#é\n", 8},
                                   {"a = 'b''é'\n", 8}, {"a = [\n0.'é']\n", 9}, {"a'é' = 1\n", 2}}) {
        CAPTURE(text);
        CHECK(stray_character(text) == at);
    }
}

TEST_CASE("a text that goes on with such a character after a folded line reads the same", "[scenario][characters]") {
    const std::string_view folded = "why = \"\"\"关于\\\n  《办法》的\\  \n\n  é说明\\\\\n《\"\"\"\nthen = 1\n";
    const std::string safe = without_folded_characters(folded);
    CHECK(safe == "why = \"\"\"关于\\\n  \\U0000300A办法》的\\  \n\n  \\U000000E9说明\\\\\n《\"\"\"\nthen = 1\n");
    const toml::table read = toml::parse(safe);
    CHECK(read["why"].value<std::string>() == "关于《办法》的é说明\\\n《");
    CHECK(read["then"].node()->source().begin.line == 6);
    CHECK(without_folded_characters("a = '''\\\n《'''\n") == "a = '''\\\n《'''\n");
}

TEST_CASE("any text in quotes is read back as it was", "[scenario][characters]") {
    for (const std::string text : {"", "plain", "带\"引号\"与\\的《标题》", "two\nlines\ttab", "'''", "\"\"\"", "\x01\x7F", "a\\", "# no comment"}) {
        CAPTURE(text);
        const std::string line = "title = " + in_quotes(text) + "\n";
        CHECK(std::count(line.begin(), line.end(), '\n') == 1);
        CHECK_FALSE(stray_character(line));
        CHECK(toml::parse(line)["title"].value<std::string>() == text);
    }
}
