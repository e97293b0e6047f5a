// Listings beyond the one that the catalog renders: tools with an output schema (structured
// output), with the confirmation argument (confirm_writes) or with the size of results that are
// larger than usual (max_result_bytes), without the arguments that are fixed (argument_limits),
// with who "me" is, and prompts; and what a model is told of the tools before it calls any.
// Rendered once for all servers of a toolset, when the first of them is asked for it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/mutex.h"
#include "catalog/tool.h"
#include "control/server_config.h"
#include "control/snapshot.h"
#include "mcp/server/server.h"
#include "reach/reach.h"

namespace patchbay::servers {

// Up to here no program has to be told how large results are.
inline constexpr std::size_t kUsualResultBytes = control::ServerConfig::kUsualResultBytes;

struct ListingVariant {
  bool structured_output = false;
  bool confirm_writes = false;
  bool approvals = false;                        // with the tool that tells what became of one
  std::size_t result_bytes = kUsualResultBytes;  // up to the usual, it changes nothing
  // What arguments it is held to (limits_shown): "" for none.
  std::string held = {};
  std::string me = {};  // who that is (me_shown): "" for nobody
  auto operator<=>(const ListingVariant&) const = default;
};

// What that server's listing adds.
ListingVariant variant_of(const control::McpServer& server);

// What a listing shows of limits. A value that is fixed is not shown, so that servers which are
// held to one owner each have one listing together.
std::string limits_shown(const reach::Reach* reach);

class ListingVariants {
 public:
  // What a client of that server lists.
  mcp::SharedText tools_of(const control::McpServer& server) const;
  // One of its tools, as it lists it or would.
  static json::Value tool_of(const control::McpServer& server, const catalog::Tool& tool);
  // `reach`: what `variant.held` was made of; null where that is "".
  mcp::SharedText tools(const std::shared_ptr<const catalog::Toolset>& toolset,
                        ListingVariant variant, const reach::Reach* reach = nullptr) const;
  // Null: this toolset offers none.
  mcp::SharedText prompts(const std::shared_ptr<const catalog::Toolset>& toolset) const;
  // catalog::instructions(), for accounts of that time zone.
  mcp::SharedText instructions(const std::shared_ptr<const catalog::Toolset>& toolset,
                               std::string_view time_zone) const;

 private:
  struct Rendered {
    std::weak_ptr<const catalog::Toolset> toolset;
    mcp::SharedText text;
  };
  // The text under that key, made by `render` if it is not there.
  template <class Key, class RenderText>
  static mcp::SharedText remember(std::map<Key, Rendered>& rendered, const Key& key,
                                  const std::shared_ptr<const catalog::Toolset>& toolset,
                                  RenderText render);

  mutable Mutex mutex_;
  mutable std::map<std::pair<const catalog::Toolset*, ListingVariant>, Rendered> tools_
      PATCHBAY_GUARDED_BY(mutex_);
  mutable std::map<const catalog::Toolset*, Rendered> prompts_ PATCHBAY_GUARDED_BY(mutex_);
  mutable std::map<std::pair<const catalog::Toolset*, std::string>, Rendered> instructions_
      PATCHBAY_GUARDED_BY(mutex_);
};

}  // namespace patchbay::servers
