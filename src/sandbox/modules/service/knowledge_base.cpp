// The knowledge base: /service/knowledgeBaseArticles and their categories.
#include "sandbox/modules/service/knowledge_base.h"

#include "sandbox/records/record_access.h"
#include "sandbox/records/rules.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kKnowledgeBaseCategoryFields[] = {
    text("name").is_required(),
    reference("location", "locations"),
    reference("department", "departments"),
    reference("approver", "members"),
};

constexpr FieldSpec kKnowledgeBaseArticleFields[] = {
    text("name").is_hidden().read_via("title"),
    reference("board", "boards"),
    text("title").is_required(),
    text("issue").is_required(),
    text("resolution").is_required(),
    integer("locationId"),
    integer("businessUnitId"),
    integer("categoryId"),
    integer("subCategoryId"),
    date_time("dateCreated").is_read_only(),
    text("createdBy").is_read_only(),
};

constexpr Rules kKnowledgeBaseArticleRules = {
    .fill =
        [](const WriteContext& context, Record& article) {
          if (context.before == nullptr) context.table.at(article, "dateCreated") = context.now;
        },
};

constexpr ResourceSpec kKnowledgeBaseResources[] = {
    {
        .name = "knowledgeBaseCategories",
        .path = "service/knowledgeBaseCategories",
        .type = "KnowledgeBaseCategory",
        .label = "Knowledge base category",
        .href = "knowledgeBaseCategory",
        .fields = kKnowledgeBaseCategoryFields,
    },
    {
        .name = "knowledgeBaseArticles",
        .path = "service/knowledgeBaseArticles",
        .type = "KnowledgeBaseArticle",
        .label = "Knowledge base article",
        .href = "knowledgeBaseArticle",
        .fields = kKnowledgeBaseArticleFields,
        .rules = &kKnowledgeBaseArticleRules,
    },
};

}  // namespace

std::span<const ResourceSpec> knowledge_base_resources() {
  return kKnowledgeBaseResources;
}

}  // namespace patchbay::sandbox
