#include "cli/command.hpp"

#include <csignal>

#ifdef __GLIBC__
#include <malloc.h>
#endif

int main(int argc, char** argv) {
    std::signal(SIGXFSZ, SIG_IGN);  // over a limit on the size of files: told as what cannot be written
#ifdef __GLIBC__
    // A county's numbers take the room of the one before: given back to the system in between, each page would be made anew.
    ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
    return doudi::cli::command(argc, argv);
}
