// Categories and subcategories of the catalog: /procurement/categories, /procurement/subcategories.
#include "sandbox/modules/procurement/catalog_categories.h"

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

const Rules kProductSubCategoryRules = {
    .stored = [](const WriteContext& context,
                 const Record& sub_category) { mirror_sub_category(context.db, sub_category); },
    .deleted =
        [](Database& db, const Record& sub_category) {
          db.table("legacySubCategories").erase(sub_category.id);
        },
};

constexpr FieldSpec kCategoryFields[] = {
    text("name").at_most(50).is_required(),
    boolean("inactiveFlag").or_else(false),
    text("priceLevelXref").at_most(10),
    text("integrationXref").at_most(50),
    integers("locationIds"),
    boolean("defaultFlag").or_else(false),
};

constexpr FieldSpec kSubCategoryFields[] = {
    text("name").at_most(50).is_required(),
    boolean("inactiveFlag").or_else(false),
    text("integrationXref").at_most(50),
    boolean("defaultFlag").or_else(false),
    reference("category", "productCategories").is_required(),
};

// The same subcategories below their category, in the older shape. Read here, written there.
constexpr FieldSpec kLegacySubCategoryFields[] = {
    reference("category", "productCategories").is_hidden(),
    text("name").at_most(50),
    boolean("inactiveFlag").or_else(false),
};

constexpr ResourceSpec kCatalogCategoryResources[] = {
    {
        .name = "productCategories",
        .path = "procurement/categories",
        .type = "Category",
        .label = "Category",
        .href = "category",
        .fields = kCategoryFields,
    },
    {
        .name = "productSubCategories",
        .path = "procurement/subcategories",
        .type = "SubCategory",
        .label = "SubCategory",
        .href = "subcategory",
        .fields = kSubCategoryFields,
        .rules = &kProductSubCategoryRules,
    },
    {
        .name = "legacySubCategories",
        .path = "procurement/categories/{category}/subcategories",
        .type = "LegacySubCategory",
        .label = "SubCategory",
        .href = "subcategory",
        .fields = kLegacySubCategoryFields,
        .methods = kReadOnly,
    },
};

}  // namespace

std::span<const ResourceSpec> catalog_category_resources() {
  return kCatalogCategoryResources;
}

void mirror_sub_category(Database& db, const Record& sub_category) {
  const Table& from = db.table("productSubCategories");
  Table& to = db.table("legacySubCategories");
  Record mirrored = to.blank();
  mirrored.id = sub_category.id;
  for (const std::string_view field : {"category", "name", "inactiveFlag", "lastUpdated",
                                       "updatedBy", "dateEntered", "enteredBy"}) {
    to.at(mirrored, field) = from.at(sub_category, field);
  }
  to.put(std::move(mirrored));
}

}  // namespace patchbay::sandbox
