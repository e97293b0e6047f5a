// What the check of raw conditions takes, it must write in a form that it takes again unchanged;
// and whatever text a filter compares with, it must stay one literal.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dialect/filter.h"

namespace {

using namespace patchbay;
using integration::FieldType;

void require(bool holds) {
  if (!holds) std::abort();
}

integration::Field field(std::string name, FieldType type) {
  integration::Field made;
  made.name = std::move(name);
  made.type = type;
  return made;
}

integration::Resource resource() {
  integration::Resource made;
  made.name = "tickets";
  made.label = "Tickets";
  auto board = field("board", FieldType::reference);
  board.children = {field("id", FieldType::integer), field("name", FieldType::string)};
  auto severity = field("severity", FieldType::string);
  severity.values = {"Low", "High"};
  auto items = field("items", FieldType::array);
  items.children = {field("value", FieldType::string)};
  made.fields = {field("id", FieldType::integer),
                 field("summary", FieldType::string),
                 field("closedFlag", FieldType::boolean),
                 field("hours", FieldType::number),
                 field("dateEntered", FieldType::date_time),
                 std::move(board),
                 std::move(severity),
                 std::move(items)};
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const integration::Resource kTickets = resource();
  const auto& dialect = *dialect::find_filter_dialect("connectwise_conditions");
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  for (const auto kind : {dialect::ExpressionKind::conditions, dialect::ExpressionKind::children,
                          dialect::ExpressionKind::custom_fields}) {
    const auto canonical = dialect.check(text, kTickets, kind);
    if (!canonical) {
      require(!canonical.error().message.empty());
      continue;
    }
    // Canonical spelling may be longer ("\" becomes "\\"), up to the limit.
    const auto again = dialect.check(*canonical, kTickets, kind);
    require(again ? *again == *canonical : canonical->size() > 4096);
    // Its grouping must survive being joined with another expression.
    if (again && canonical->size() < 2000) {
      const auto joined = dialect.both(*canonical, *canonical);
      if (kind == dialect::ExpressionKind::conditions && !canonical->empty()) {
        require(dialect.check(joined, kTickets, kind).has_value());
      }
    }
  }

  const auto literal = dialect.write(
      {{"summary", integration::FilterOperator::equal, FieldType::string, json::Value(text)}});
  if (literal) {
    const auto read = dialect.check(*literal, kTickets);
    // A text with wildcards is written longer than it is, and texts have a limit.
    require(read ? *read == *literal : literal->size() > 1000);
  }
  (void)dialect.parse_order(text, kTickets);
  return 0;
}
