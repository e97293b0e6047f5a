// Tools: resource methods as an AI client sees them, and the sets of them that servers expose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "catalog/tool_validator.h"
#include "integration/model.h"
#include "json/shape.h"
#include "reach/ways.h"

namespace patchbay::catalog {

// Which of its two names a model is told of a tool; it may call by either.
enum class NameForm : std::uint8_t { full, brief };
// What a server lists: its tools, or the four that find and call them (catalog/discovery.h).
enum class Exposure : std::uint8_t { all, discovery };

// An integration's shaping rules, made ready.
struct ShapePlans {
  json::ShapePlan usual;
  json::ShapePlan verbose;  // only nulls go
};

// One resource method as an MCP tool. Points into its Integration, which its owner keeps alive.
struct Tool {
  std::string name;               // "list_all_connect_wise_psa_tickets": what it is known by
  std::string short_name;         // "tickets_list"
  std::string title;              // "List tickets"
  std::string description;        // under 1,024 characters
  std::vector<std::string> tags;  // the resource's and the method's
  const integration::Integration* integration = nullptr;
  const integration::Resource* resource = nullptr;
  const integration::Method* method = nullptr;
  std::shared_ptr<const ShapePlans> shape_plans;   // how its answers are shaped
  std::shared_ptr<const ToolValidator> validator;  // of all that it takes
  std::vector<std::string> argument_names;         // for "did you mean"
  // Of a composite: the tools that its steps call, in their order. Null: out of a server's scope.
  std::vector<const Tool*> steps;
  // Of an update of many: the tool by which those are found that a filter means. Null: there is
  // none.
  const Tool* list = nullptr;
  // Of a create that brings others along: the tools that make them, in the order of its `nested`.
  std::vector<const Tool*> nested;

  // As it is listed: a flat object, no $ref, no root combinators. Made when it is asked for, which
  // for most of an API's three thousand tools is never.
  json::Value input_schema() const;
};

// All tools of one integration, in listing order. Immutable.
class ToolCatalog {
 public:
  // Generates the tools of every method that passes the quality gate.
  static Result<std::shared_ptr<const ToolCatalog>> generate(
      std::shared_ptr<const integration::Integration> integration);

  const integration::Integration& integration() const { return *integration_; }
  const std::vector<std::unique_ptr<const Tool>>& tools() const { return tools_; }
  // By its name, its short one, or one that it had in an earlier version.
  const Tool* find(std::string_view tool_name) const;
  // Where the integration's addresses lead: what servers that are held to some records go by.
  const std::shared_ptr<const reach::Ways>& ways() const { return ways_; }

 private:
  std::shared_ptr<const integration::Integration> integration_;
  std::shared_ptr<const reach::Ways> ways_;
  std::vector<std::unique_ptr<const Tool>> tools_;
  std::unordered_map<std::string_view, const Tool*> by_name_;
  std::unordered_map<std::string_view, const Tool*> by_other_name_;
};

// What an MCP server's config says about its tools. Empty lists: no restriction.
// A composite passes by its own method and tags, and only if what its steps call does: their tags
// always, their methods unless the composite is named itself (not by the word `custom`). A step
// that is optional and does not pass is left out instead.
// Names of tools are exact: a pattern would come to allow, or to spare, what a later definition
// adds. They may be in either form. `allow` chooses among what methods and tags leave, and says
// nothing of a composite's steps; `deny` wins over all, and holds for steps as well.
struct ToolFilter {
  std::vector<std::string> methods = {};  // read, write, custom, or exact method names; ORed
  std::vector<std::string> tags = {};     // ORed, then ANDed with methods
  std::vector<std::string> allow = {};    // names of tools
  std::vector<std::string> deny = {};     // the same
  // How what is left is shown, which chooses nothing.
  Exposure exposure = Exposure::all;
  NameForm names = NameForm::full;
  bool operator==(const ToolFilter&) const = default;
};

// The tools that one MCP server exposes, with their listing already rendered. Shared by all servers
// of the same catalog and filter. Immutable.
class Toolset {
 public:
  // Errors: invalid_argument naming what exists, for unknown methods, tags or tools and for a
  // filter that matches no tool.
  static Result<std::shared_ptr<const Toolset>> select(std::shared_ptr<const ToolCatalog> catalog,
                                                       const ToolFilter& filter);

  const std::vector<const Tool*>& tools() const { return tools_; }
  const Tool* find(std::string_view tool_name) const;
  // A JSON array of MCP Tool objects (name, title, description, inputSchema, annotations): what it
  // exposes of its tools.
  const std::shared_ptr<const std::string>& listing() const { return listing_; }
  std::size_t listed_count() const;
  Exposure exposure() const { return filter_.exposure; }
  NameForm names() const { return filter_.names; }
  // What its models are told that the tool is called.
  const std::string& shown(const Tool& tool) const {
    return filter_.names == NameForm::brief ? tool.short_name : tool.name;
  }
  // A text of the integration's that may hold tools' names, with those that are shown.
  std::string in_shown_names(std::string text) const;
  const ToolCatalog& catalog() const { return *catalog_; }
  const std::shared_ptr<const ToolCatalog>& shared_catalog() const { return catalog_; }
  // Whether the filter would leave that tool, of whatever definition of the same integration, as it
  // is: with every step that it has.
  bool leaves(const Tool& tool) const;
  // Whether the filter denies that tool by its name, and not only leaves it out.
  bool denies(std::string_view tool_name) const;
  bool denies_any() const { return !filter_.deny.empty(); }

 private:
  std::shared_ptr<const ToolCatalog> catalog_;
  ToolFilter filter_;
  // Composites without the steps that the filter leaves out; the others are the catalog's.
  std::vector<std::unique_ptr<const Tool>> narrowed_;
  std::vector<const Tool*> tools_;
  std::unordered_map<std::string_view, const Tool*> by_name_;
  std::shared_ptr<const std::string> listing_;
};

}  // namespace patchbay::catalog
