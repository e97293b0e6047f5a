// Paging, order, fields and the shape of records.
#include <regex>
#include <set>

#include <doctest/doctest.h>

#include "http/url.h"
#include "sandbox/test_client.h"

using namespace patchbay;
using namespace patchbay::sandbox;
using namespace patchbay::sandbox::testing;

namespace {

constexpr std::string_view kRoot = "http://psa.test:8080/v4_6_release/apis/3.0";

std::int64_t id_at(const TestReply& reply, std::size_t index) {
  return (*reply.body.if_array())[index].int64_or("id", 0);
}

}  // namespace

TEST_CASE("a page has 25 records unless asked otherwise, and never more than 1,000") {
  TestClient client;
  CHECK(client.get("/service/tickets?fields=id").size() == 25);
  CHECK(client.get("/service/tickets?fields=id&pageSize=7").size() == 7);
  CHECK(client.get("/service/tickets?fields=id&pageSize=5000").size() == 1000);
  CHECK(client.get("/service/tickets?fields=id&pagesize=7&PAGE=2").size() == 7);
  const TestReply beyond = client.get("/service/tickets?page=9999");
  CHECK(beyond.status == 200);
  CHECK(beyond.text == "[]");
  CHECK(client.get("/service/tickets?fields=id&page=0&pageSize=-3").size() == 25);
}

TEST_CASE("navigable Link headers keep the query and end in page, as real clients expect") {
  TestClient client;
  const TestReply first = client.get("/company/companies?pageSize=10&fields=id");
  CHECK(first.header("Link") ==
        std::string("<") + std::string(kRoot) +
            "/company/companies?pageSize=10&fields=id&page=2>; rel=\"next\", <" +
            std::string(kRoot) + "/company/companies?pageSize=10&fields=id&page=5>; rel=\"last\"");
  const TestReply middle = client.get("/company/companies?page=3&pageSize=10");
  // pyconnectwise's expression.
  const std::regex expression("page=(\\d+)>; rel=\"(.*?)\"");
  const std::string link(middle.header("Link"));
  std::vector<std::string> found;
  for (std::sregex_iterator at(link.begin(), link.end(), expression), end; at != end; ++at) {
    found.push_back((*at)[2].str() + (*at)[1].str());
  }
  CHECK(found == std::vector<std::string>{"next4", "last5", "prev2", "first1"});
  const TestReply last = client.get("/company/companies?pageSize=10&page=5");
  CHECK(last.header("Link").find("next") == std::string_view::npos);
  CHECK(last.header("Link").find("rel=\"prev\"") != std::string_view::npos);
  CHECK(client.get("/service/boards").header("Link") == "<absent>");
  // Conditions come along as they were sent.
  const TestReply filtered =
      client.find("/service/tickets", "board/name=\"Triage\"", "&pageSize=1");
  CHECK(filtered.header("Link").find("conditions=board%2Fname%3D%22Triage%22&pageSize=1&page=2") !=
        std::string_view::npos);
}

TEST_CASE("following next yields each record once") {
  TestClient client;
  std::set<std::int64_t> seen;
  std::size_t pages = 0;
  std::string target = "/service/tickets?pageSize=400&fields=id&orderBy=summary desc";
  while (!target.empty()) {
    const TestReply page = client.get(target);
    ++pages;
    for (const json::Value& one : *page.body.if_array()) {
      CHECK(seen.insert(one.int64_or("id", 0)).second);
    }
    const std::string link(page.header("Link"));
    const std::size_t next = link.find("; rel=\"next\"");
    target =
        next == std::string::npos ? "" : link.substr(1 + kRoot.size(), next - 2 - kRoot.size());
  }
  CHECK(pages == 6);
  CHECK(seen.size() == 2101);
}

TEST_CASE("forward-only pages go by id, and the last has an empty Link header") {
  TestClient client;
  const std::vector<std::pair<std::string, std::string>> forward = {
      {"pagination-type", "forward-only"}};
  const TestReply first =
      client.send(http::Method::get, "/company/companies?pageSize=30&fields=id", "", forward);
  const std::string last_id = std::to_string(id_at(first, 29));
  CHECK(first.header("Link") == std::string("<") + std::string(kRoot) +
                                    "/company/companies?pageSize=30&fields=id&pageId=" + last_id +
                                    ">; rel=\"next\"");
  const TestReply second = client.send(
      http::Method::get, "/company/companies?pageSize=30&fields=id&pageId=" + last_id, "", forward);
  CHECK(second.size() == 17);
  CHECK(id_at(second, 0) > id_at(first, 29));
  CHECK(second.header("Link") == "");
}

TEST_CASE("orderBy takes several keys, nested names and facts of _info; nulls sort lowest") {
  TestClient client;
  CHECK(id_at(client.get("/service/tickets?orderBy=id desc&pageSize=1"), 0) >
        id_at(client.get("/service/tickets?orderBy=id&pageSize=2"), 1));
  const TestReply sorted = client.get(
      "/service/tickets?orderBy=board/name asc, dateEntered DESC&pageSize=1000"
      "&fields=id,board/name,_info/dateEntered");
  const json::Array& records = *sorted.body.if_array();
  for (std::size_t i = 1; i < records.size(); ++i) {
    const auto board = [&](std::size_t at) {
      return records[at].find("board")->string_or("name", "");
    };
    const auto when = [&](std::size_t at) {
      return records[at].find("_info")->string_or("dateEntered", "");
    };
    CHECK(board(i - 1) <= board(i));
    if (board(i - 1) == board(i)) CHECK(when(i - 1) >= when(i));
  }
  const TestReply by_owner = client.get("/service/tickets?orderBy=owner/name&pageSize=1");
  CHECK((*by_owner.body.if_array())[0].find("owner") == nullptr);
  CHECK(client.get("/service/tickets?orderBy=colour").message() ==
        "colour is not a recognized name.");
  CHECK(client.get("/service/tickets?orderBy=id sideways").status == 400);
}

TEST_CASE("fields projects nested names and drops _info unless it is asked for") {
  TestClient client;
  CHECK(client.get("/service/tickets/5012?fields=id,status/name,Company/Identifier").text ==
        R"({"id":5012,"status":{"name":"New"},"company":{"identifier":"FalconManufacturing"}})");
  CHECK(client.get("/service/tickets/5012?fields=id,_info/dateEntered").text ==
        R"({"id":5012,"_info":{"dateEntered":"2026-03-11T14:52:05Z"}})");
  const TestReply whole_reference = client.get("/service/tickets/5012?fields=board");
  CHECK(whole_reference.body.find("board")->find("_info") != nullptr);
  CHECK(whole_reference.body.find("_info") == nullptr);
  CHECK(client.get("/service/tickets/5012?fields=id,assignedTo").text == R"({"id":5012})");
  CHECK(client.get("/service/boards/2/types?fields=id,board/name").size() > 0);
}

TEST_CASE("unknown names in fields are an error where that is switched on") {
  SandboxOptions options;
  options.reject_unknown_fields = true;
  TestClient client(options);
  CHECK(client.get("/service/tickets/5012?fields=id,assignedTo").message() ==
        "assignedTo is not a recognized name.");
  CHECK(client.get("/service/tickets/5012?fields=id,_info/lastUpdated").status == 200);
}

TEST_CASE("records leave nulls out, keep .0, and link by the host that the client called") {
  TestClient client;
  const TestReply ticket = client.get("/service/tickets/5012");
  CHECK(ticket.text.find("null") == std::string::npos);
  CHECK(ticket.text.find("\"actualHours\":0.0") != std::string::npos);
  CHECK(ticket.text.find("\"owner\"") == std::string::npos);
  CHECK(ticket.body.find("closedFlag")->if_bool() != nullptr);
  CHECK(ticket.body.find("board")->find("_info")->string_or("board_href", "") ==
        std::string(kRoot) + "/service/boards/2");
  CHECK(ticket.body.find("status")->int64_or("Sort", 0) == 10);
  CHECK(ticket.body.find("_info")->string_or("notes_href", "") ==
        std::string(kRoot) + "/service/tickets/5012/notes");
  CHECK(ticket.body.find("initialDescription") == nullptr);
  const TestReply member = client.get("/system/members/JDOE");
  CHECK(member.body.string_or("firstName", "") == "John");
  CHECK(member.body.find("name") == nullptr);
  CHECK(client.get("/system/members/nobody").status == 404);
}

TEST_CASE("answers carry the vendor's headers") {
  TestClient client;
  const TestReply reply = client.get("/service/tickets/5012");
  CHECK(reply.header("api-current-version") == "2025.1");
  CHECK(reply.header("x-cw-request-id") != "<absent>");
  CHECK(reply.header("Cache-Control") == "no-cache");
  CHECK(reply.header("X-Frame-Options") == "SAMEORIGIN");
  CHECK(reply.header("X-Total-Count") == "<absent>");
  CHECK(reply.header("Content-Type") == "application/json; charset=utf-8");
  const TestReply pinned =
      client.send(http::Method::get, "/system/info", "",
                  {{"Accept", "application/vnd.connectwise.com+json; version=2025.1"}});
  CHECK(pinned.header("Content-Type") == "application/vnd.connectwise.com+json; version=2025.1");
}

TEST_CASE("allNotes merges notes and the notes of time entries") {
  TestClient client;
  const TestReply with_time = client.get(
      "/time/entries?conditions=chargeToType='ServiceTicket'"
      "&pageSize=1");
  const json::Value& entry = with_time.body.if_array()->front();
  const std::string ticket = std::to_string(entry.int64_or("chargeToId", 0));
  const TestReply all = client.get("/service/tickets/" + ticket + "/allNotes?pageSize=1000");
  const TestReply notes = client.get("/service/tickets/" + ticket + "/notes?pageSize=1000");
  CHECK(all.size() > notes.size());
  bool found = false;
  for (const json::Value& note : *all.body.if_array()) {
    if (note.string_or("noteType", "") != "TimeEntryNote") continue;
    found = found || note.string_or("text", "") == entry.string_or("notes", "");
  }
  CHECK(found);
}

TEST_CASE("a forecast adds up to its items") {
  TestClient client;
  const TestReply list = client.get("/sales/opportunities?pageSize=1000&fields=id");
  REQUIRE(list.size() >= 120);
  for (std::size_t i = 0; i < list.size(); i += 9) {
    const std::string path = "/sales/opportunities/" + std::to_string(id_at(list, i)) + "/forecast";
    const TestReply forecast = client.get(path);
    REQUIRE(forecast.status == 200);
    double sum = 0;
    for (const json::Value& item : *forecast.body.find("forecastItems")->if_array()) {
      sum += *item.find("revenue")->as_double();
    }
    CHECK(*forecast.body.find("forecastRevenueTotals")->find("revenue")->as_double() ==
          doctest::Approx(sum));
    CHECK(client.get(path + "/count").body.int64_or("count", -1) ==
          static_cast<std::int64_t>(forecast.body.find("forecastItems")->if_array()->size()));
  }
}

TEST_CASE("what hangs on a ticket is listed as bare references, filtered and paged like the rest") {
  TestClient client;
  const std::string path = "/service/tickets/40592/timeentries";
  const TestReply all = client.get(path + "?orderBy=id");
  REQUIRE(all.size() >= 2);
  const auto id_of = [](const TestReply& reply, std::size_t at) {
    return (*reply.body.if_array())[at].int64_or("id", 0);
  };
  const TestReply newest = client.get(path + "?orderBy=id%20desc&pageSize=1");
  REQUIRE(newest.size() == 1);
  CHECK(id_of(newest, 0) == id_of(all, all.size() - 1));
  CHECK(newest.header("Link").find("rel=\"next\"") != std::string_view::npos);
  const auto first = std::to_string(id_of(all, 0));
  CHECK(client.get(path + "?conditions=id%3C=" + first).size() == 1);
  CHECK(client.get(path + "/count?conditions=id%3E" + first).body.int64_or("count", 0) ==
        static_cast<std::int64_t>(all.size()) - 1);
  CHECK(newest.text.find("summary") == std::string::npos);
  const TestReply entries = client.get("/service/tickets/40592/scheduleentries");
  REQUIRE(entries.size() > 0);
  const auto description =
      std::string(entries.body.if_array()->front().string_or("description", ""));
  REQUIRE(!description.empty());
  CHECK(client
            .get("/service/tickets/40592/scheduleentries?conditions=description=%22" +
                 http::percent_encode(description) + "%22")
            .size() > 0);
  CHECK(client.get(path + "?conditions=notes%20contains%20%22a%22").status == 400);
}
