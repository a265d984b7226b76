#include "cli/command.hpp"

int main(int argc, char** argv) { return doudi::cli::command(argc, argv); }
