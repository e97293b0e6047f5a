#include "mcp/wire/era.h"

#include <string>

#include <doctest/doctest.h>

using namespace patchbay;
using namespace patchbay::mcp;

namespace {

std::string describe(const Classified& classified) {
  if (const auto* legacy = std::get_if<LegacyMessage>(&classified)) {
    return "legacy " + std::string(to_string(legacy->revision));
  }
  if (const auto* batch = std::get_if<LegacyBatch>(&classified)) {
    return "batch " + std::string(to_string(batch->revision));
  }
  if (const auto* fault = std::get_if<Fault>(&classified)) {
    return std::to_string(fault->http_status) + " " + std::to_string(fault->code) +
           (fault->id.empty() ? "" : " id " + fault->id);
  }
  return "modern";
}

std::string classify_text(std::string_view body, std::optional<std::string_view> header) {
  auto incoming = read_messages(body);
  REQUIRE_MESSAGE(incoming.has_value(), body);
  return describe(classify(*incoming, header));
}

constexpr std::string_view kClaim =
    R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})";

std::string call(std::string_view method, std::string_view params = "{}") {
  return R"({"jsonrpc":"2.0","id":7,"method":")" + std::string(method) + R"(","params":)" +
         std::string(params) + "}";
}
std::string note(std::string_view method, std::string_view params = "{}") {
  return R"({"jsonrpc":"2.0","method":")" + std::string(method) + R"(","params":)" +
         std::string(params) + "}";
}
std::string claim(std::string_view version) {
  return R"({"_meta":{"io.modelcontextprotocol/protocolVersion":)" + std::string(version) + "}}";
}

}  // namespace

TEST_CASE("the body's envelope decides the era, and the header only where there is none") {
  struct Row {
    const char* what;
    std::string body;
    const char* header;  // null: absent
    const char* expected;
  };
  const Row rows[] = {
      // Requests without a claim.
      {"no header", call("tools/list"), nullptr, "legacy 2025-03-26"},
      {"no params", R"({"jsonrpc":"2.0","id":7,"method":"tools/list"})", nullptr,
       "legacy 2025-03-26"},
      {"2024-11-05", call("tools/list"), "2024-11-05", "legacy 2024-11-05"},
      {"2025-03-26", call("tools/list"), "2025-03-26", "legacy 2025-03-26"},
      {"2025-06-18", call("tools/list"), "2025-06-18", "legacy 2025-06-18"},
      {"2025-11-25", call("tools/list"), "2025-11-25", "legacy 2025-11-25"},
      {"unknown date", call("tools/list"), "2025-01-01", "400 -32600 id 7"},
      {"no date", call("tools/list"), "v999", "400 -32600 id 7"},
      {"empty", call("tools/list"), "", "400 -32600 id 7"},
      {"modern header, no envelope", call("tools/list"), "2026-07-28", "400 -32602 id 7"},
      {"future header, no envelope", call("tools/list"), "2027-01-01", "400 -32602 id 7"},
      {"empty _meta", call("tools/list", R"({"_meta":{}})"), "2026-07-28", "400 -32602 id 7"},
      {"other _meta", call("tools/call", R"({"_meta":{"progressToken":1}})"), "2025-11-25",
       "legacy 2025-11-25"},
      {"_meta no object", call("tools/list", R"({"_meta":5})"), nullptr, "legacy 2025-03-26"},
      // Requests with a claim: modern, whatever it says and whatever the header says.
      {"claim", call("tools/list", kClaim), nullptr, "modern"},
      {"claim and header", call("tools/list", kClaim), "2026-07-28", "modern"},
      {"claim against header", call("tools/list", kClaim), "2025-11-25", "modern"},
      {"claim of nonsense", call("tools/list", claim(R"("v999")")), "2026-07-28", "modern"},
      {"claim of an old one", call("tools/list", claim(R"("2025-11-25")")), nullptr, "modern"},
      {"claim of a wrong type", call("tools/list", claim("5")), nullptr, "modern"},
      {"claim of null", call("tools/list", claim("null")), nullptr, "modern"},
      // initialize is legacy unless it validly claims to be modern.
      {"initialize", call("initialize"), nullptr, "legacy 2025-11-25"},
      {"initialize, old header", call("initialize"), "2025-06-18", "legacy 2025-11-25"},
      {"initialize, odd header", call("initialize"), "v999", "legacy 2025-11-25"},
      {"initialize, modern header", call("initialize"), "2026-07-28", "400 -32020 id 7"},
      {"initialize with a claim", call("initialize", kClaim), "2026-07-28", "modern"},
      {"initialize with a claim of nonsense", call("initialize", claim(R"("v999")")), nullptr,
       "legacy 2025-11-25"},
      {"initialize, nonsense under a modern header", call("initialize", claim(R"("v999")")),
       "2026-07-28", "400 -32020 id 7"},
      // Notifications are taken in either era.
      {"notification", note("notifications/initialized"), nullptr, "legacy 2025-03-26"},
      {"notification with header", note("notifications/initialized"), "2025-11-25",
       "legacy 2025-11-25"},
      {"notification, odd header", note("notifications/initialized"), "v999", "legacy 2025-03-26"},
      {"notification, modern header", note("notifications/x"), "2026-07-28", "modern"},
      {"notification with a claim", note("notifications/x", kClaim), nullptr, "modern"},
      // A client's answers to requests of ours.
      {"reply", R"({"jsonrpc":"2.0","id":1,"result":{}})", nullptr, "legacy 2025-03-26"},
      {"error reply", R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}})", "2025-11-25",
       "legacy 2025-11-25"},
      {"reply, modern header", R"({"jsonrpc":"2.0","id":1,"result":{}})", "2026-07-28",
       "legacy 2025-11-25"},
      // Batches.
      {"batch", "[" + call("ping") + "," + note("notifications/initialized") + "]", nullptr,
       "batch 2025-03-26"},
      {"batch 2025-03-26", "[" + call("ping") + "]", "2025-03-26", "batch 2025-03-26"},
      {"batch 2024-11-05", "[" + call("ping") + "]", "2024-11-05", "batch 2024-11-05"},
      {"batch 2025-06-18", "[" + call("ping") + "]", "2025-06-18", "400 -32600"},
      {"batch 2025-11-25", "[" + call("ping") + "]", "2025-11-25", "400 -32600"},
      {"batch modern", "[" + call("ping") + "]", "2026-07-28", "400 -32600"},
      {"batch of an unknown version", "[" + call("ping") + "]", "v999", "400 -32600"},
      {"batch with an envelope in it", "[" + call("ping") + "," + call("tools/list", kClaim) + "]",
       nullptr, "400 -32600"},
      {"batch with an enveloped notification", "[" + note("x", kClaim) + "]", nullptr,
       "400 -32600"},
      {"batch with initialize", "[" + call("initialize") + "]", nullptr, "400 -32600"},
      {"batch of replies", R"([{"jsonrpc":"2.0","id":1,"result":{}}])", nullptr,
       "batch 2025-03-26"},
  };
  for (const Row& row : rows) {
    const std::optional<std::string_view> header =
        row.header != nullptr ? std::optional<std::string_view>(row.header) : std::nullopt;
    CHECK_MESSAGE(classify_text(row.body, header) == row.expected, row.what);
  }
}

TEST_CASE("a modern revision is a date from 2026-07-28 on") {
  CHECK(names_modern_revision("2026-07-28"));
  CHECK(names_modern_revision("2031-01-01"));
  CHECK_FALSE(names_modern_revision("2026-07-27"));
  CHECK_FALSE(names_modern_revision("2025-11-25"));
  CHECK_FALSE(names_modern_revision("2026-7-28"));
  CHECK_FALSE(names_modern_revision("9999"));
  CHECK_FALSE(names_modern_revision("draft"));
  CHECK_FALSE(names_modern_revision("2026-07-28 "));
  CHECK_FALSE(names_modern_revision(""));
}
