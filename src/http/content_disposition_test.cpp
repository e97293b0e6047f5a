#include "http/content_disposition.h"

#include <doctest/doctest.h>

namespace patchbay::http {

TEST_CASE("a download's name is read as servers write it") {
  const auto name = [](std::string_view header) { return file_name_of(header).value_or("none"); };
  CHECK(name("attachment; filename=\"x.png\"") == "x.png");
  CHECK(name("attachment;filename=x.png") == "x.png");
  CHECK(name("ATTACHMENT; size=7; FileName = \"a; b.txt\" ; x=y") == "a; b.txt");
  CHECK(name("inline; filename=\"say \\\"hi\\\".txt\"") == "say \"hi\".txt");
  CHECK(name("attachment; filename=\"old.txt\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt") ==
        "Grüße.txt");
  CHECK(name("attachment; filename*=iso-8859-1'de'Gr%FC.txt; filename=x") == "Grü.txt");
  CHECK(name("attachment; filename=\"=?utf-8?B?R3LDvMOfZS50eHQ=?=\"") == "Grüße.txt");
  CHECK(name("attachment; filename=\"Gr\xfc.txt\"") == "Grü.txt");
  CHECK(name("attachment; filename=\"Grü.txt\"") == "Grü.txt");
}

TEST_CASE("what is no name, or a broken one, is none") {
  for (const std::string header :
       {"", "attachment", "attachment; filename", "attachment; filename=", "filename=\"x\"",
        "attachment; filename=\"x", "attachment; filename=\"..\"", "attachment; filename=\"a/\"",
        "attachment; filename*=UTF-8''%ff", "attachment; filename*=UTF-8''%zz",
        "attachment; filename*=utf-7''x", "attachment; filename*=x",
        "attachment; filename=\"\x01\x02\"", ";;;;", "a;=;=\"\";\"=\""}) {
    CHECK_FALSE_MESSAGE(file_name_of(header).has_value(), header);
  }
  // A broken extended name leaves the plain one.
  CHECK(file_name_of("attachment; filename=a.txt; filename*=UTF-8''%ff").value() == "a.txt");
  CHECK_FALSE(file_name_of("attachment; filename=" + std::string(10'000, 'a')).has_value());
}

TEST_CASE("a name keeps no path, no control character and no trick of direction") {
  CHECK(safe_file_name("../../etc/passwd") == "passwd");
  CHECK(safe_file_name("C:\\Users\\me\\report.pdf") == "report.pdf");
  CHECK(safe_file_name("a\r\nb\x7f\xc2\x85.txt") == "ab.txt");
  CHECK(safe_file_name(std::string("nul\0.txt", 8)) == "nul.txt");
  CHECK(safe_file_name("\xe2\x80\xae"
                       "fdp.exe") == "fdp.exe");
  CHECK(safe_file_name(" report.pdf. . ") == "report.pdf");
  CHECK(safe_file_name(".gitignore") == ".gitignore");
  CHECK(safe_file_name("...").empty());
  CHECK(safe_file_name("Ünïcödé 文件.txt") == "Ünïcödé 文件.txt");
  const std::string cut = safe_file_name(std::string(254, 'a') + "ü.txt");
  CHECK(cut == std::string(254, 'a'));
}

}  // namespace patchbay::http
