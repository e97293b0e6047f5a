// Uploads and downloads through the gateway: against the sandbox, and against an upstream that
// lies.
#include "base/encoding.h"
#include "base/text.h"
#include "gateway/test_world.h"

namespace patchbay::gateway {

namespace {

constexpr const char* kUpload = "create_a_connect_wise_psa_document";
constexpr const char* kDownload = "connect_wise_psa_documents_download";
constexpr const char* kList = "list_all_connect_wise_psa_documents";

const std::string kPng = std::string("\x89PNG\r\n\x1a\n") + std::string("\0\0\0\rIHDR\"\r\n--", 13);

json::Value arguments(std::string_view text) {
  return json::parse(text).value();
}

json::Value upload_of(std::string_view name, std::string_view bytes) {
  json::Value given = arguments(R"({"ticketId":5012})");
  given["fileName"] = std::string(name);
  given["content"] = to_base64(bytes);
  return given;
}

// A gateway before an upstream that answers every request alike.
struct Liar {
  io::Runtime runtime;
  http::Response answer = http::Response::text(200, "");
  std::optional<StubUpstream> upstream;
  std::optional<Harness> harness;

  Liar() {
    runtime.start();
    upstream.emplace(runtime, [this](const StubUpstream::Seen&) { return answer; });
    harness.emplace(runtime, upstream->port());
  }
  ~Liar() { runtime.stop(); }
  Answered download(std::string body, std::string_view type, std::string_view disposition,
                    std::string_view given = R"({"id":7})") {
    answer = http::Response::text(200, std::move(body));
    answer.headers.set("Content-Type", type);
    if (!disposition.empty()) answer.headers.set("Content-Disposition", disposition);
    return harness->call(kDownload, std::string(given));
  }
};

}  // namespace

TEST_CASE("a file goes up and comes down as the same bytes") {
  World world;
  auto given = upload_of("Übersicht \"neu\".png", kPng);
  given["title"] = "Site plan";
  given["readOnlyFlag"] = true;
  auto outcome = world.harness.call_value(kUpload, given);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.string_or("title", "") == "Site plan");
  CHECK(outcome.value.int64_or("size", 0) == static_cast<std::int64_t>(kPng.size()));
  CHECK(outcome.value.bool_or("readOnlyFlag", false));
  CHECK(outcome.value.bool_or("imageFlag", false));
  const auto id = std::to_string(outcome.value.int64_or("id", 0));

  outcome = world.call(kDownload, R"({"id":)" + id + "}");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.string_or("mimeType", "") == "image/png");
  CHECK(outcome.value.int64_or("bytes", 0) == static_cast<std::int64_t>(kPng.size()));
  CHECK(std::to_string(outcome.value.int64_or("id", 0)) == id);
  REQUIRE(outcome.result.file.has_value());
  CHECK(outcome.result.file->kind == FileContent::Kind::image);
  CHECK(from_base64(outcome.result.file->content) == kPng);
  CHECK(outcome.result.file->uri.starts_with("patchbay://documents/" + id + "/"));

  outcome = world.call(kList, R"({"ticketId":5012,"titleContains":"Site"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.value.int64_or("result_count", 0) == 1);
}

TEST_CASE("a text goes up as it is, and comes down as a text") {
  World world;
  auto outcome = world.call(
      kUpload, R"({"company":"Acme Corp","fileName":"notes.txt","text":"Grüße\nLine 2"})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto* resolved = outcome.value.find("resolved");
  REQUIRE(resolved != nullptr);
  CHECK(resolved->find("company")->string_or("name", "") == "Acme Corp");
  const auto id = std::to_string(resolved->find("company")->int64_or("id", 0));
  outcome =
      world.call(kDownload, R"({"id":)" + std::to_string(outcome.value.int64_or("id", 0)) + "}");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  REQUIRE(outcome.result.file.has_value());
  CHECK(outcome.result.file->kind == FileContent::Kind::text);
  CHECK(outcome.result.file->content == "Grüße\nLine 2");
  CHECK(outcome.value.string_or("fileName", "") == "notes.txt");
  CHECK(outcome.value.string_or("mimeType", "") == "text/plain");
  // By the company's name, by its id, and by kind and id: the same list.
  const auto by_name = world.follow(kList, R"({"company":"Acme Corp"})");
  CHECK_FALSE(by_name.empty());
  CHECK(world.follow(kList, R"({"recordType":"Company","recordId":)" + id + "}") == by_name);
}

TEST_CASE("an upload's dry run shows what would go, not the content, and sends nothing") {
  World world;
  const auto before = world.direct("/system/documents/count");
  auto given = upload_of("plan.png", kPng);
  given["dry_run"] = true;
  const auto outcome = world.harness.call_value(kUpload, given);
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto* request = outcome.value.find("request");
  REQUIRE(request != nullptr);
  CHECK(request->string_or("content_type", "") == "multipart/form-data");
  CHECK(json::to_string(*request->find("parts")) == R"({"recordId":5012,"recordType":"Ticket"})");
  const auto* file = request->find("file");
  CHECK(file->string_or("part", "") == "file");
  CHECK(file->string_or("fileName", "") == "plan.png");
  CHECK(file->string_or("mimeType", "") == "image/png");
  CHECK(file->int64_or("bytes", 0) == static_cast<std::int64_t>(kPng.size()));
  CHECK(file->string_or("sha256", "").size() == 64);
  CHECK_FALSE(outcome.result.text.contains(to_base64(kPng)));
  CHECK(world.direct("/system/documents/count") == before);
}

TEST_CASE("a file that is none is refused before anything is sent") {
  Liar liar;
  const auto refused = [&](std::string_view given) {
    const auto outcome = liar.harness->call(kUpload, std::string(given));
    CHECK_MESSAGE(outcome.result.is_error, given);
    CHECK(outcome.was_applied() == "no");
    return outcome.error();
  };
  CHECK(refused(R"({"ticketId":1,"fileName":"a.txt"})").contains("content: is required"));
  CHECK(refused(R"({"ticketId":1,"fileName":"a.txt","content":"AA==","text":"x"})")
            .contains("one of them only"));
  CHECK(refused(R"({"ticketId":1,"fileName":"a.txt","content":"A*=="})")
            .contains("its character 2 is not"));
  CHECK(refused(R"({"ticketId":1,"fileName":"a.txt","content":"AAAAA"})")
            .contains("part of it is missing"));
  // An empty file is none: "" is how clients fill in what was left out.
  CHECK(refused(R"({"ticketId":1,"fileName":"a.txt","content":""})")
            .contains("content: is required"));
  CHECK(refused(R"({"ticketId":1,"fileName":"a.txt","text":""})").contains("content: is required"));
  CHECK(refused(R"({"ticketId":1,"fileName":"a.txt","content":7})").contains("content"));
  CHECK(refused(R"({"ticketId":1,"fileName":"../a.txt","text":"x"})")
            .contains("did you mean 'a.txt'?"));
  CHECK(refused(R"({"ticketId":1,"fileName":"a\r\nX: y.txt","text":"x"})").contains("fileName"));
  CHECK(refused(R"({"ticketId":1,"fileName":"..","text":"x"})").contains("a name alone"));
  CHECK(refused(R"({"ticketId":1,"text":"x"})").contains("fileName"));
  CHECK(refused(R"({"ticketId":1,"fileName":"a","text":"x","mimeType":"text/plain\r\nX: y"})")
            .contains("mimeType"));
  CHECK(refused(R"({"ticketId":1,"fileName":"a.png","text":"x","mimeType":"image/png"})")
            .contains("by its first bytes the file is none"));
  CHECK(refused(R"({"fileName":"a.txt","text":"x"})")
            .contains("give ticketId or company or project or opportunity or recordType"));
  CHECK(refused(R"({"recordType":"Ticket","fileName":"a.txt","text":"x"})")
            .contains("Nothing says what recordId is"));
  CHECK(refused(R"({"ticketId":1,"recordType":"Company","fileName":"a.txt","text":"x"})")
            .contains("contradict each other"));
  CHECK(liar.upstream->seen().empty());
}

TEST_CASE("lists say which record they are of, once and without contradiction") {
  Liar liar;
  liar.answer = http::Response::json(200, "[]");
  auto outcome = liar.harness->call(kList, "{}");
  CHECK(outcome.error().contains("Nothing says what recordType is"));
  outcome = liar.harness->call(kList, R"({"ticketId":7,"recordType":"Company"})");
  CHECK(outcome.error().contains("contradict each other"));
  CHECK(liar.upstream->seen().empty());
  outcome = liar.harness->call(kList, R"({"ticketId":7,"recordType":"Ticket","recordId":7})");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  const auto query = liar.upstream->seen().front().query;
  CHECK(query.at("recordType") == "Ticket");
  CHECK(query.at("recordId") == "7");
}

TEST_CASE("base64 as models and browsers write it is taken; what is sent is the bytes") {
  Liar liar;
  liar.answer = http::Response::json(201, R"({"id":1,"title":"a"})");
  const std::string bytes = "\xfb\xff\xfe plain";
  auto given = upload_of("a.bin", bytes);
  for (const std::string& content :
       {std::string("-__-IHBsYWlu"), std::string("+//+IHBs\r\nYWlu\n"),
        std::string("data:application/octet-stream;base64,+//+IHBsYWlu")}) {
    liar.upstream->forget();
    given["content"] = content;
    const auto outcome = liar.harness->call_value(kUpload, given);
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    const auto body = liar.upstream->seen().front().body;
    CHECK(body.contains("\r\n\r\n" + bytes + "\r\n--"));
    CHECK(body.contains("name=\"recordType\"\r\n\r\nTicket\r\n"));
    CHECK(body.contains("name=\"file\"; filename=\"a.bin\""));
  }
}

TEST_CASE("an upload that is too large is told with the cap, and not sent") {
  Liar liar;
  const auto outcome =
      liar.harness->call_value(kUpload, upload_of("big.bin", std::string(700'000, '\x01')));
  CHECK(outcome.result.is_error);
  CHECK(outcome.error().contains("has 700000 bytes; at most 699050"));
  CHECK(outcome.value.find("error")->int64_or("status", 0) == 413);
  CHECK(outcome.was_applied() == "no");
  CHECK(liar.upstream->seen().empty());
  // What fits does fit into a request of 1 MiB.
  CHECK(json::to_string(upload_of("x.bin", std::string(699'050, '\xff'))).size() < 1'000'000);
}

TEST_CASE("what an upload became of is known, or said to be unknown") {
  Liar liar;
  liar.answer = http::Response::json(503, R"({"code":"x","message":"busy"})");
  auto outcome = liar.harness->call_value(kUpload, upload_of("a.bin", "x"));
  CHECK(outcome.was_applied() == "unknown");
  CHECK(outcome.error().contains("list documents"));
  liar.answer = http::Response::json(415, R"({"code":"InvalidObject","message":"no"})");
  outcome = liar.harness->call_value(kUpload, upload_of("a.bin", "x"));
  CHECK(outcome.was_applied() == "no");
}

TEST_CASE("a page or an error in a file's place is none") {
  Liar liar;
  const std::string page = "<!DOCTYPE html><html><head><title>Sign in - Corp</title></head></html>";
  auto outcome = liar.download(page, "text/html", "");
  CHECK_MESSAGE(outcome.error().contains("'Sign in - Corp'"), outcome.result.text);
  for (const std::string error :
       {R"({"code":"NotFound","message":"It is gone."})", R"({"Message":"It is gone."})",
        R"([{"code":"NotFound","message":"It is gone."}])"}) {
    outcome = liar.download(error, "application/json", "");
    CHECK_MESSAGE(outcome.error().contains("It is gone."), outcome.result.text);
  }
  // Files that are such.
  CHECK_FALSE(liar.download(page, "text/html", "attachment; filename=a.html").result.is_error);
  CHECK_FALSE(liar.download(R"({"code":"A","message":"b"})", "application/json",
                            "attachment; filename=a.json")
                  .result.is_error);
}

TEST_CASE("a download is what its bytes are, whatever it calls itself") {
  Liar liar;
  auto outcome = liar.download(kPng, "text/html", "attachment; filename=\"../../a.html\"");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.result.file->kind == FileContent::Kind::image);
  CHECK(outcome.value.string_or("mimeType", "") == "image/png");
  CHECK(outcome.value.string_or("fileName", "") == "a.html");

  outcome = liar.download("<script>alert(1)</script>", "image/png", "");
  CHECK(outcome.result.file->kind == FileContent::Kind::text);
  CHECK(outcome.value.string_or("mimeType", "") == "text/plain");
  CHECK(outcome.value.find("fileName") == nullptr);

  outcome = liar.download(std::string("MZ\0\1", 4), "text/plain", "attachment; filename=a.txt");
  CHECK(outcome.result.file->kind == FileContent::Kind::other);
  CHECK(outcome.value.string_or("mimeType", "") == "application/octet-stream");

  outcome = liar.download(
      "Gr\xfc\xdf"
      "e",
      "text/plain", "attachment; filename=a.txt");
  CHECK(outcome.result.file->kind == FileContent::Kind::other);
  CHECK(from_base64(outcome.result.file->content) ==
        "Gr\xfc\xdf"
        "e");

  outcome = liar.download("%PDF-1.7 …", "application/octet-stream", "attachment; filename=x");
  CHECK(outcome.result.file->kind == FileContent::Kind::other);
  CHECK(outcome.result.file->media_type == "application/pdf");

  outcome = liar.download("", "application/octet-stream", "attachment; filename=x");
  CHECK_FALSE(outcome.result.is_error);
  CHECK_FALSE(outcome.result.file.has_value());
  CHECK(outcome.value.string_or("notice", "") == "The file is empty.");
}

TEST_CASE("a file beyond the size of results is an error with both sizes and a way out") {
  Liar liar;
  liar.harness->context.max_file_bytes = 4'000;
  auto outcome = liar.download(std::string(3'000, '\x01'), "application/x-thing",
                               "attachment; filename=big.dat");
  CHECK(outcome.result.is_error);
  CHECK_FALSE(outcome.result.file.has_value());
  CHECK(outcome.error().contains("big.dat (application/x-thing) has 3000 bytes"));
  CHECK(outcome.error().contains("(4000 in base64, with what describes them)"));
  CHECK(outcome.error().contains("raise max_result_bytes"));
  CHECK(outcome.value.find("error")->int64_or("status", 0) == 413);
  // Up to the cap it comes, base64 and all.
  outcome = liar.download(std::string(2'900, '\x01'), "application/x-thing", "");
  REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
  CHECK(outcome.result.text.size() + outcome.result.file->content.size() <= 4'000);
}

TEST_CASE("a long text is cut at a character, and its notice leads through all of it") {
  Liar liar;
  liar.harness->context.max_result_bytes = 2'000;
  std::string whole = "\xef\xbb\xbf";
  for (int i = 0; whole.size() < 9'000; ++i) whole += "Zeile " + std::to_string(i) + " äöü€\n";
  std::string read;
  std::int64_t offset = 0;
  for (int part = 0; part < 20; ++part) {
    const auto outcome = liar.download(whole, "text/plain", "attachment; filename=a.log",
                                       R"({"id":7,"offset":)" + std::to_string(offset) + "}");
    REQUIRE_MESSAGE(!outcome.result.is_error, outcome.result.text);
    REQUIRE(outcome.result.file.has_value());
    const auto& text = outcome.result.file->content;
    CHECK(is_valid_utf8(text));
    CHECK(outcome.result.text.size() + text.size() <= 2'000);
    read += text;
    const auto notice = outcome.value.string_or("notice", "");
    if (notice.empty()) break;
    const auto at = notice.find("offset ") + 7;
    offset = parse_int64(notice.substr(at, notice.find(' ', at) - at)).value();
  }
  CHECK(read == whole.substr(3));
  const auto beyond = liar.download(whole, "text/plain", "", R"({"id":7,"offset":99999})");
  CHECK(beyond.error().contains("is beyond the text"));
}

TEST_CASE("a refused download is advice like any other refusal") {
  World world;
  const auto outcome = world.call(kDownload, R"({"id":999999})");
  CHECK(outcome.result.is_error);
  CHECK(outcome.value.find("error")->int64_or("status", 0) == 404);
  CHECK(outcome.error().contains("list_all_connect_wise_psa_documents"));
}

}  // namespace patchbay::gateway
