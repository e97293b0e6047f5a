#include "json/structure.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include <simdjson.h>

#include "json/shape.h"

namespace patchbay::json {
namespace {

static_assert(kPadding >= simdjson::SIMDJSON_PADDING);

// The index takes 4 bytes for every byte that it could be about, though only the part is touched
// that is used (about an eighth). This much input's worth is kept for the next one.
constexpr std::size_t kKept = 8 << 20;  // a page of 1,000 tickets
constexpr std::size_t kLeast = 64 << 10;

}  // namespace

struct Structure::Simdjson {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
};

Structure::Structure() : simdjson_(std::make_unique<Simdjson>()) {}
Structure::~Structure() = default;

Result<> Structure::find(std::string_view padded_text) {
  places_ = nullptr;
  count_ = 0;
  if (padded_text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    return fail(ErrorCode::upstream, "The upstream's answer is too long for JSON.");
  }
  auto& stage = simdjson_->stage;
  if (!stage || stage->capacity() <= padded_text.size()) {
    const std::size_t capacity = std::bit_ceil(std::max(padded_text.size() + 1, kLeast));
    const simdjson::error_code error =
        simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, stage);
    if (error) return fail(ErrorCode::internal, simdjson::error_message(error));
  }
  const simdjson::error_code error =
      stage->stage1(reinterpret_cast<const std::uint8_t*>(padded_text.data()), padded_text.size(),
                    simdjson::stage1_mode::regular);
  if (error) {
    return fail(ErrorCode::upstream, std::string("The upstream's answer is not JSON: ") +
                                         simdjson::error_message(error));
  }
  places_ = stage->structural_indexes.get();
  count_ = stage->n_structural_indexes;
  return {};
}

void Structure::give_back() {
  if (!simdjson_->stage || simdjson_->stage->capacity() <= kKept) return;
  simdjson_->stage.reset();
  places_ = nullptr;
  count_ = 0;
}

}  // namespace patchbay::json
