#include "cli/cli.h"
#include "cli/secrecy.h"

int main(int argc, char** argv) {
  patchbay::cli::hide_memory();
  const patchbay::cli::Arguments arguments(argc, argv);
  return patchbay::cli::run(arguments.count(), arguments.get());
}
