// The schemas of the API's bodies and answers, by hand. The tests check real answers against them,
// and that the patches and new records accept exactly the members that stand here.
#include "admin/openapi.h"

namespace patchbay::admin {

std::string_view openapi_schemas() {
  return R"json({
"Id": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,128}$"},
"Time": {"type": "string", "format": "date-time", "examples": ["2026-12-31T18:00:00.000Z"]},
"OptionalTime": {"type": ["string", "null"], "format": "date-time"},
"Name": {"type": "string", "minLength": 1, "maxLength": 200},
"Cursor": {"type": ["string", "null"], "description": "null on the last page."},

"Error": {
  "type": "object",
  "required": ["statusCode", "error", "message", "details"],
  "properties": {
    "statusCode": {"type": "integer"},
    "error": {"type": "string", "examples": ["Bad Request"]},
    "message": {"type": "string"},
    "details": {
      "type": "object",
      "required": ["code"],
      "properties": {
        "code": {"type": "string", "examples": ["invalid_argument"]},
        "hint": {"type": "string", "description": "What to do next."}
      },
      "additionalProperties": false
    }
  },
  "additionalProperties": false
},
"Deleted": {
  "type": "object",
  "required": ["id"],
  "properties": {"id": {"$ref": "#/components/schemas/Id"}},
  "additionalProperties": false
},

"Environment": {
  "type": "object",
  "required": ["id", "name", "created_at", "updated_at"],
  "properties": {
    "id": {"$ref": "#/components/schemas/Id"},
    "name": {"$ref": "#/components/schemas/Name"},
    "created_at": {"$ref": "#/components/schemas/Time"},
    "updated_at": {"$ref": "#/components/schemas/Time"}
  },
  "additionalProperties": false
},
"NewEnvironment": {
  "type": "object",
  "required": ["name"],
  "properties": {"name": {"$ref": "#/components/schemas/Name"}},
  "additionalProperties": false
},
"EnvironmentPatch": {
  "type": "object",
  "properties": {"name": {"$ref": "#/components/schemas/Name"}},
  "additionalProperties": false
},
"EnvironmentList": {
  "type": "object",
  "required": ["result", "next_cursor"],
  "properties": {
    "result": {"type": "array", "items": {"$ref": "#/components/schemas/Environment"}},
    "next_cursor": {"$ref": "#/components/schemas/Cursor"}
  },
  "additionalProperties": false
},

"ApiToken": {
  "type": "object",
  "required": ["id", "name", "environment_id", "created_by", "created_at", "updated_at",
               "expires_at"],
  "properties": {
    "id": {"$ref": "#/components/schemas/Id"},
    "name": {"$ref": "#/components/schemas/Name"},
    "environment_id": {"type": ["string", "null"], "description": "null: the whole instance."},
    "created_by": {"type": "string"},
    "created_at": {"$ref": "#/components/schemas/Time"},
    "updated_at": {"$ref": "#/components/schemas/Time"},
    "expires_at": {"$ref": "#/components/schemas/OptionalTime"}
  },
  "additionalProperties": false
},
"MintedApiToken": {
  "type": "object",
  "required": ["id", "name", "environment_id", "created_by", "created_at", "updated_at",
               "expires_at", "token"],
  "properties": {
    "id": {"$ref": "#/components/schemas/Id"},
    "name": {"$ref": "#/components/schemas/Name"},
    "environment_id": {"type": ["string", "null"]},
    "created_by": {"type": "string"},
    "created_at": {"$ref": "#/components/schemas/Time"},
    "updated_at": {"$ref": "#/components/schemas/Time"},
    "expires_at": {"$ref": "#/components/schemas/OptionalTime"},
    "token": {"type": "string", "description": "Shown only here."}
  },
  "additionalProperties": false
},
"NewApiToken": {
  "type": "object",
  "required": ["name"],
  "properties": {
    "name": {"$ref": "#/components/schemas/Name"},
    "environment_id": {
      "type": ["string", "null"],
      "description": "If not given, the token reaches as far as the one that creates it."
    },
    "expires_at": {"$ref": "#/components/schemas/OptionalTime"}
  },
  "additionalProperties": false
},
"ApiTokenList": {
  "type": "object",
  "required": ["result", "next_cursor"],
  "properties": {
    "result": {"type": "array", "items": {"$ref": "#/components/schemas/ApiToken"}},
    "next_cursor": {"$ref": "#/components/schemas/Cursor"}
  },
  "additionalProperties": false
},

"CredentialField": {
  "type": "object",
  "required": ["name", "label", "type", "secret", "required", "help"],
  "properties": {
    "name": {"type": "string"},
    "label": {"type": "string"},
    "type": {"enum": ["text", "password", "select"]},
    "secret": {"type": "boolean"},
    "required": {"type": "boolean"},
    "help": {"type": "string"},
    "pattern": {"type": "string"},
    "default": {"type": "string"},
    "options": {"type": "array", "items": {"type": "string"}}
  },
  "additionalProperties": false
},
"IntegrationSummary": {
  "type": "object",
  "required": ["name", "label", "version", "credentials", "tags", "resource_count", "tool_count"],
  "properties": {
    "name": {"type": "string"},
    "label": {"type": "string"},
    "version": {"type": "string"},
    "credentials": {"type": "array", "items": {"$ref": "#/components/schemas/CredentialField"}},
    "tags": {"type": "array", "items": {"type": "string"}},
    "resource_count": {"type": "integer"},
    "tool_count": {"type": "integer"}
  }
},
"Integration": {
  "allOf": [{"$ref": "#/components/schemas/IntegrationSummary"}],
  "type": "object",
  "required": ["resources"],
  "properties": {
    "resources": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["name", "label", "description", "tags", "methods"],
        "properties": {
          "name": {"type": "string"},
          "label": {"type": "string"},
          "description": {"type": "string"},
          "tags": {"type": "array", "items": {"type": "string"}},
          "methods": {"type": "array", "items": {"type": "string"}}
        },
        "additionalProperties": false
      }
    }
  }
},
"IntegrationList": {
  "type": "object",
  "required": ["result", "next_cursor"],
  "properties": {
    "result": {"type": "array", "items": {"$ref": "#/components/schemas/IntegrationSummary"}},
    "next_cursor": {"$ref": "#/components/schemas/Cursor"}
  },
  "additionalProperties": false
},

"AccountSettings": {
  "type": "object",
  "properties": {
    "time_zone": {
      "type": "string",
      "description": "IANA name; times without an offset are read in it. Default: UTC.",
      "examples": ["Europe/London"]
    }
  },
  "additionalProperties": false
},
"IntegratedAccount": {
  "type": "object",
  "required": ["id", "name", "tenant_id", "environment_id", "integration", "status", "last_error",
               "settings", "credentials", "created_by", "created_at", "updated_at"],
  "properties": {
    "id": {"$ref": "#/components/schemas/Id"},
    "name": {"$ref": "#/components/schemas/Name"},
    "tenant_id": {"type": "string", "description": "Your own id of this customer."},
    "environment_id": {"$ref": "#/components/schemas/Id"},
    "integration": {
      "type": "object",
      "required": ["name", "label"],
      "properties": {"name": {"type": "string"}, "label": {"type": "string"}},
      "additionalProperties": false
    },
    "status": {"enum": ["active", "needs_reauth", "validation_error"]},
    "last_error": {"type": ["string", "null"]},
    "settings": {"$ref": "#/components/schemas/AccountSettings"},
    "credentials": {
      "type": "object",
      "description": "Which credentials are set; never their values.",
      "additionalProperties": {
        "type": "object",
        "required": ["set"],
        "properties": {"set": {"const": true}},
        "additionalProperties": false
      }
    },
    "created_by": {"type": "string"},
    "created_at": {"$ref": "#/components/schemas/Time"},
    "updated_at": {"$ref": "#/components/schemas/Time"}
  },
  "additionalProperties": false
},
"NewIntegratedAccount": {
  "type": "object",
  "required": ["integration", "credentials"],
  "properties": {
    "integration": {"type": "string", "examples": ["connectwise_psa"]},
    "name": {"$ref": "#/components/schemas/Name"},
    "tenant_id": {"type": "string", "maxLength": 200},
    "environment_id": {
      "type": "string",
      "description": "Needed only with a token of the whole instance, if it has several."
    },
    "credentials": {"type": "object", "additionalProperties": {"type": "string"}},
    "settings": {"$ref": "#/components/schemas/AccountSettings"}
  },
  "additionalProperties": false
},
"IntegratedAccountPatch": {
  "type": "object",
  "properties": {
    "name": {"$ref": "#/components/schemas/Name"},
    "tenant_id": {"type": ["string", "null"], "maxLength": 200},
    "credentials": {
      "type": "object",
      "description": "Merged; null removes one.",
      "additionalProperties": {"type": ["string", "null"]}
    },
    "settings": {"type": "object", "description": "Merged; null removes a member."}
  },
  "additionalProperties": false
},
"IntegratedAccountList": {
  "type": "object",
  "required": ["result", "next_cursor"],
  "properties": {
    "result": {"type": "array", "items": {"$ref": "#/components/schemas/IntegratedAccount"}},
    "next_cursor": {"$ref": "#/components/schemas/Cursor"}
  },
  "additionalProperties": false
},
"Capabilities": {
  "type": "object",
  "required": ["integration", "environment_id", "account", "proxy", "tags", "tool_count",
               "listing_bytes", "ai_readiness"],
  "properties": {
    "integration": {
      "type": "object",
      "required": ["name", "label"],
      "properties": {"name": {"type": "string"}, "label": {"type": "string"}}
    },
    "environment_id": {"$ref": "#/components/schemas/Id"},
    "account": {
      "type": "object",
      "required": ["id", "status"],
      "properties": {"id": {"$ref": "#/components/schemas/Id"}, "status": {"type": "string"}}
    },
    "proxy": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["resource", "methods"],
        "properties": {
          "resource": {"type": "string"},
          "methods": {
            "type": "array",
            "items": {
              "type": "object",
              "required": ["method", "name", "description", "tags", "has_description",
                           "has_query_schema", "has_body_schema", "has_response_schema"],
              "properties": {
                "method": {"type": "string"},
                "name": {"type": ["string", "null"], "description": "The tool; null: it is none."},
                "description": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "has_description": {"type": "boolean"},
                "has_query_schema": {"type": "boolean"},
                "has_body_schema": {"type": "boolean"},
                "has_response_schema": {"type": "boolean"}
              },
              "additionalProperties": false
            }
          }
        },
        "additionalProperties": false
      }
    },
    "tags": {"type": "array", "items": {"type": "string"}},
    "tool_count": {"type": "integer"},
    "listing_bytes": {"type": "integer", "description": "Size of the answer to tools/list."},
    "ai_readiness": {
      "type": "object",
      "required": ["proxy_methods", "proxy_methods_with_descriptions", "ai_ready_score"],
      "properties": {
        "proxy_methods": {"type": "integer"},
        "proxy_methods_with_descriptions": {"type": "integer"},
        "ai_ready_score": {"type": "number", "minimum": 0, "maximum": 1}
      }
    }
  },
  "additionalProperties": false
},

"McpServerConfig": {
  "type": "object",
  "properties": {
    "methods": {
      "type": "array",
      "items": {"type": "string"},
      "description": "read, write, custom, or names of methods; ORed. Default: all."
    },
    "tags": {
      "type": "array",
      "items": {"type": "string"},
      "description": "ORed among each other, ANDed with methods. Default: all."
    },
    "require_api_token_auth": {
      "type": "boolean",
      "description": "The URL alone opens nothing: callers also send an API token."
    },
    "tool_exposure": {"enum": ["all"]},
    "max_result_bytes": {"type": "integer", "minimum": 2000, "maximum": 10000000},
    "on_rate_limit": {"enum": ["pass_through", "wait"]},
    "structured_output": {"type": "boolean"},
    "confirm_writes": {"type": "boolean"}
  },
  "additionalProperties": false
},
"McpServer": {
  "type": "object",
  "required": ["id", "name", "config", "integrated_account_id", "created_by", "created_at",
               "updated_at", "expires_at"],
  "properties": {
    "id": {"$ref": "#/components/schemas/Id"},
    "name": {"$ref": "#/components/schemas/Name"},
    "config": {"$ref": "#/components/schemas/McpServerConfig"},
    "integrated_account_id": {"$ref": "#/components/schemas/Id"},
    "created_by": {"type": "string"},
    "created_at": {"$ref": "#/components/schemas/Time"},
    "updated_at": {"$ref": "#/components/schemas/Time"},
    "expires_at": {"$ref": "#/components/schemas/OptionalTime"}
  },
  "additionalProperties": false
},
"MintedMcpServer": {
  "type": "object",
  "required": ["id", "name", "config", "integrated_account_id", "created_by", "created_at",
               "updated_at", "expires_at", "token", "url"],
  "properties": {
    "id": {"$ref": "#/components/schemas/Id"},
    "name": {"$ref": "#/components/schemas/Name"},
    "config": {"$ref": "#/components/schemas/McpServerConfig"},
    "integrated_account_id": {"$ref": "#/components/schemas/Id"},
    "created_by": {"type": "string"},
    "created_at": {"$ref": "#/components/schemas/Time"},
    "updated_at": {"$ref": "#/components/schemas/Time"},
    "expires_at": {"$ref": "#/components/schemas/OptionalTime"},
    "token": {"type": "string", "description": "Shown only here."},
    "url": {"type": "string", "description": "What an MCP client opens. Shown only here."}
  },
  "additionalProperties": false
},
"NewMcpServer": {
  "type": "object",
  "required": ["name"],
  "properties": {
    "name": {"$ref": "#/components/schemas/Name"},
    "config": {"$ref": "#/components/schemas/McpServerConfig"},
    "expires_at": {
      "type": ["string", "null"],
      "format": "date-time",
      "description": "null, or at least 60 seconds ahead."
    }
  },
  "additionalProperties": false
},
"McpServerPatch": {
  "type": "object",
  "properties": {
    "name": {"$ref": "#/components/schemas/Name"},
    "config": {"type": "object", "description": "Merged member by member; null removes one."},
    "expires_at": {
      "type": ["string", "null"],
      "format": "date-time",
      "description": "null clears it."
    }
  },
  "additionalProperties": false
},
"McpServerList": {
  "type": "object",
  "required": ["result", "next_cursor"],
  "properties": {
    "result": {"type": "array", "items": {"$ref": "#/components/schemas/McpServer"}},
    "next_cursor": {"$ref": "#/components/schemas/Cursor"}
  },
  "additionalProperties": false
}
})json";
}

}  // namespace patchbay::admin
