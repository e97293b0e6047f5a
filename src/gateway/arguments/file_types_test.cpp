#include "gateway/arguments/file_types.h"

#include <doctest/doctest.h>

namespace patchbay::gateway {

namespace {

constexpr std::string_view kPng = "\x89PNG\r\n\x1a\nIHDR";
constexpr std::string_view kZipBytes = "PK\x03\x04rest";

}  // namespace

TEST_CASE("first bytes win over name and declared type") {
  CHECK(believed_type(kPng, "report.pdf", "application/pdf") == "image/png");
  CHECK(believed_type("\xff\xd8\xff\xe0", "", "") == "image/jpeg");
  CHECK(believed_type("GIF89a;", "x.png", "image/png") == "image/gif");
  CHECK(believed_type("RIFF\x10\x20\x30\x40WEBPVP8 ", "", "text/plain") == "image/webp");
  CHECK(believed_type("RIFF\x10\x20\x30\x40WAVEfmt ", "a.wav", "audio/wav") == "audio/wav");
  CHECK(believed_type("%PDF-1.7", "invoice", "application/octet-stream") == "application/pdf");
  CHECK(believed_type(kZipBytes, "plan.xlsx", "application/octet-stream")
            .ends_with("spreadsheetml.sheet"));
  CHECK(believed_type(kZipBytes, "plan.png", "image/png") == "application/zip");
}

TEST_CASE("what claims a signature that it lacks is believed by what it is") {
  CHECK(believed_type("<html>", "cat.png", "image/png") == "text/plain");
  CHECK(believed_type(std::string_view("\0\1\2", 3), "cat.png", "image/png") ==
        "application/octet-stream");
  CHECK(believed_type(std::string_view("a\0b", 3), "a.txt", "text/plain") ==
        "application/octet-stream");
  CHECK(believed_type("PK", "a.zip", "application/zip") == "text/plain");
}

TEST_CASE("without a signature, declared type, name and content decide in this order") {
  CHECK(believed_type("a,b", "a.csv", "Application/JSON; charset=utf-8") == "application/json");
  CHECK(believed_type("a,b", "A.CSV", "application/octet-stream") == "text/csv");
  CHECK(believed_type("a,b", "a.csv", "no type") == "text/csv");
  CHECK(believed_type("a,b", "a.unknown", "") == "text/plain");
  CHECK(believed_type("Gr\xfc", "a", "") == "application/octet-stream");
  // Latin-1 is text all the same, if it says so; whether it can be shown as text is another matter.
  CHECK(believed_type("Gr\xfc", "a.txt", "") == "text/plain");
  CHECK_FALSE(reads_as_text("Gr\xfc"));
  CHECK_FALSE(reads_as_text("\x1b[31mred"));
  CHECK(reads_as_text("Grüße\r\n\t\f"));
  CHECK(reads_as_text(""));
}

TEST_CASE("a claim is refused only against facts") {
  CHECK(may_be("image/png", kPng));
  CHECK(may_be("image/x-png", kPng));
  CHECK(may_be("application/octet-stream", kPng));
  CHECK_FALSE(may_be("application/pdf", kPng));
  CHECK_FALSE(may_be("image/png", "text"));
  CHECK_FALSE(may_be("text/plain", kPng));
  CHECK(may_be("text/plain", "text"));
  CHECK(may_be("application/x-whatever", "text"));
  CHECK(may_be("application/vnd.ms-something", kZipBytes));
  CHECK_FALSE(may_be("text/plain", kZipBytes));
}

}  // namespace patchbay::gateway
