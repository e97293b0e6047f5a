#include "sandbox/records/collation.h"

#include <doctest/doctest.h>

using namespace patchbay::sandbox;

TEST_CASE("folding lowers ASCII and Latin-1 letters and leaves the rest") {
  CHECK(fold("ÀÉÖÞ ABC ×÷ ß € Я") == "àéöþ abc ×÷ ß € Я");
  CHECK(fold("\xC3") == "\xC3");
}
