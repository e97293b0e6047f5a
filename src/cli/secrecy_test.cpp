#include "cli/secrecy.h"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace patchbay::cli {
namespace {

// Arguments as the system gives them, and what is left of them there.
struct Given {
  explicit Given(std::vector<std::string> words) : texts(std::move(words)) {
    for (std::string& text : texts) pointers.push_back(text.data());
  }
  Arguments take() { return {static_cast<int>(pointers.size()), pointers.data()}; }
  std::vector<std::string> texts;
  std::vector<char*> pointers;
};

std::vector<std::string> read(const Arguments& arguments) {
  return {arguments.get(), arguments.get() + arguments.count()};
}

}  // namespace

TEST_CASE("what the bridge was given is read, and blotted out where others could see it") {
  const std::vector<std::string> words{
      "patchbay",  "stdio",  "https://x/mcp/pbm_1", "--header", "X-A: pba_", "--header=X-B: pba_",
      "--ca-file", "ca.pem", "--url-file=u",        "--"};
  Given given(words);
  CHECK(read(given.take()) == words);
  const std::vector<std::string> left{"patchbay",           "stdio",
                                      std::string(19, '*'), "--header",
                                      std::string(9, '*'),  std::string(18, '*'),
                                      "--ca-file",          std::string(6, '*'),
                                      std::string(12, '*'), "--"};
  CHECK(given.texts == left);
}

TEST_CASE("a database's address is blotted out wherever it stands") {
  const std::string url = "postgresql://patchbay:secret@host/db";
  const std::vector<std::string> words{"patchbay",          "serve",  "--database",      url,
                                       "--database=" + url, "--from", "postgres://u:p@h"};
  Given given(words);
  CHECK(read(given.take()) == words);
  CHECK(given.texts == std::vector<std::string>{"patchbay", "serve", "--database",
                                                std::string(url.size(), '*'),
                                                "--database=" + std::string(url.size(), '*'),
                                                "--from", std::string(16, '*')});
}

TEST_CASE("an address with a user is blotted out whatever it is of, also a misspelt one") {
  const std::vector<std::string> words{"patchbay",         "store",
                                       "migrate",          "--to",
                                       "mysql://u:p@h/d",  "--to=Postgresql://u:p@h",
                                       "postgers://u:p@h", "--database=x,s3://u:p@h",
                                       "://u:p@h",         "https://patchbay.example",
                                       "me@example.com"};
  Given given(words);
  CHECK(read(given.take()) == words);
  CHECK(given.texts ==
        std::vector<std::string>{"patchbay", "store", "migrate", "--to", std::string(15, '*'),
                                 "--to=" + std::string(18, '*'), std::string(16, '*'),
                                 "--database=x," + std::string(10, '*'), std::string(8, '*'),
                                 "https://patchbay.example", "me@example.com"});
}

TEST_CASE("other commands take no secrets, and can be told from each other") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"patchbay", "serve", "--port", "0"},
        std::vector<std::string>{"patchbay"}, std::vector<std::string>{"patchbay", "stdio"}}) {
    Given given(words);
    CHECK(read(given.take()) == words);
    CHECK(given.texts == words);
  }
}

}  // namespace patchbay::cli
