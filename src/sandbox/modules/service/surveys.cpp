// What customers are asked about their tickets, and said: /service/surveys and their results.
#include "sandbox/modules/service/surveys.h"

namespace patchbay::sandbox {
namespace {

constexpr FieldSpec kSurveyFields[] = {
    text("name").is_required().at_most(50),          boolean("inactiveFlag").or_else(false),
    boolean("headerIncludeLogoFlag").or_else(true),  text("headerText"),
    boolean("headerTextVisibleFlag").or_else(true),  text("footerText"),
    boolean("footerTextVisibleFlag").or_else(false), text("thankYouText"),
    boolean("notifyWhoVisibleFlag").or_else(false),  reference("notifyMember", "members"),
};

constexpr FieldSpec kResultFields[] = {
    reference("survey", "surveys").is_hidden(),
    integer("ticketId").is_required(),
    text("emailAddress"),
    text("footerResponse"),
    boolean("contactMeFlag").or_else(false),
    reference("contact", "contacts"),
    integer("totalPoints"),
    reference("company", "companies"),
    integer("surveyId").id_of("survey"),
};

constexpr ResourceSpec kSurveyResources[] = {
    {
        .name = "surveys",
        .path = "service/surveys",
        .type = "ServiceSurvey",
        .label = "Survey",
        .href = "survey",
        .fields = kSurveyFields,
    },
    {
        .name = "surveyResults",
        .path = "service/surveys/{survey}/results",
        .type = "SurveyResult",
        .label = "Survey Result",
        .href = "surveyResult",
        .fields = kResultFields,
    },
};

}  // namespace

std::span<const ResourceSpec> survey_resources() {
  return kSurveyResources;
}

}  // namespace patchbay::sandbox
