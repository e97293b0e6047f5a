#include "http/multipart.h"

#include <set>
#include <vector>

#include <doctest/doctest.h>

namespace patchbay::http {

namespace {

std::string boundary_of(const MultipartBody& made) {
  return made.content_type.substr(std::string("multipart/form-data; boundary=").size());
}

}  // namespace

TEST_CASE("a multipart body has each part between its boundaries, byte for byte") {
  const std::string bytes("\x00\r\n--x\xff", 7);
  const std::vector<FormPart> parts = {
      {"recordId", "5012", false, "", ""},
      {"file", bytes, true, "Grüße.bin", "image/png"},
  };
  const auto made = write_multipart(parts);
  const auto boundary = boundary_of(made);
  CHECK(boundary.size() <= 70);
  CHECK(made.body == "--" + boundary +
                         "\r\nContent-Disposition: form-data; name=\"recordId\"\r\n\r\n5012\r\n--" +
                         boundary +
                         "\r\nContent-Disposition: form-data; name=\"file\"; "
                         "filename=\"Grüße.bin\"\r\nContent-Type: image/png\r\n\r\n" +
                         bytes + "\r\n--" + boundary + "--\r\n");
}

TEST_CASE("no name and no media type can add a header or a part") {
  const std::vector<FormPart> parts = {
      {"a\"; x=\"y", "", false, "", ""},
      {"file", "x", true, "a\"\r\nX-Evil: 1\r\n\r\nbody\x01\x7f", "text/plain\r\nX-Evil: 1"},
  };
  const auto body = write_multipart(parts).body;
  CHECK(body.contains("name=\"a%22; x=%22y\""));
  CHECK(body.contains("filename=\"a%22%0D%0AX-Evil: 1%0D%0A%0D%0Abody%01%7F\""));
  CHECK(body.contains("Content-Type: application/octet-stream\r\n"));
  CHECK_FALSE(body.contains("\nX-Evil"));
}

TEST_CASE("boundaries differ from body to body") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(write_multipart({}).content_type);
  CHECK(seen.size() == 100);
}

TEST_CASE("a media type is two tokens and nothing else") {
  for (const auto* good : {"image/png", "application/vnd.ms-excel", "image/svg+xml", "x/y"}) {
    CHECK_MESSAGE(is_media_type(good), good);
  }
  for (const auto* bad : {"", "png", "/", "image/", "/png", "text/plain; charset=utf-8", "a/b/c",
                          "text /plain", "text/pl\"ain", "text/pl\nain"}) {
    CHECK_FALSE_MESSAGE(is_media_type(bad), bad);
  }
}

}  // namespace patchbay::http
