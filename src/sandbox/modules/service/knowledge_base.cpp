// What stands beside tickets: tasks and the knowledge base. /service
#include "sandbox/records/database.h"
#include "sandbox/records/declaration.h"

namespace patchbay::sandbox {
namespace {

Resource ticket_tasks() {
  Resource made = resource(
      "ticketTasks", "service/tickets/{ticket}/tasks", "ServiceTask", "Task", "task",
      {reference("ticket", "tickets").is_hidden(),
       id_of_parent("ticketId", "ticketTasks", "ticket"), text("notes"),
       boolean("closedFlag").or_else(false), integer("priority"), reference("member", "members"),
       text("resolution"), choice("childScheduleAction", {"Transfer", "Delete", "Done"}),
       integer("childTicketId").is_read_only(), text("summary")});
  return made;
}

Resource knowledge_base_categories() {
  return resource("knowledgeBaseCategories", "service/knowledgeBaseCategories",
                  "KnowledgeBaseCategory", "Knowledge base category", "knowledgeBaseCategory",
                  {text("name").is_required(), reference("location", "locations"),
                   reference("department", "departments"), reference("approver", "members")});
}

Resource knowledge_base_articles() {
  Resource made =
      resource("knowledgeBaseArticles", "service/knowledgeBaseArticles", "KnowledgeBaseArticle",
               "Knowledge base article", "knowledgeBaseArticle",
               {text("name").is_hidden().read_via("title"), reference("board", "boards"),
                text("title").is_required(), text("issue").is_required(),
                text("resolution").is_required(), integer("locationId"), integer("businessUnitId"),
                integer("categoryId"), integer("subCategoryId"),
                date_time("dateCreated").is_read_only(), text("createdBy").is_read_only()});
  made.rules.fill = [](const WriteContext& context, Record& article) {
    if (context.before == nullptr) context.table.at(article, "dateCreated") = context.now;
  };
  return made;
}

}  // namespace

void add_service_extra_resources(std::vector<Resource>& out) {
  out.push_back(ticket_tasks());
  // Which configurations a ticket is about: special_ticket_links.cpp serves them.
  Resource links =
      resource("ticketConfigurations", "service/tickets/{ticket}/configurations",
               "ConfigurationReference", "Configuration", "",
               {reference("ticket", "tickets"), reference("configuration", "configurations")});
  links.methods = kUnserved;
  out.push_back(std::move(links));
  out.push_back(knowledge_base_categories());
  out.push_back(knowledge_base_articles());
}

}  // namespace patchbay::sandbox
