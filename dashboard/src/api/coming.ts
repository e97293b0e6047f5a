// Schemas that the pages use and openapi.json does not have yet. Goes when it has.
import type { schemas } from './generated';

export interface Coming {
  Overview: {
    accounts: { active: number; needs_reauth: number; validation_error: number };
    approvals_waiting: number;
    expiring_soon: Array<{ id: string; name: string; integrated_account_id: string; expires_at: string }>;
    today: { calls: number; errors: number; writes: number; tokens_saved_estimate: number } | null;
    changes_today: schemas['Event'][];
    store: string;
    version: string;
    sandbox?: boolean;
  };
  McpPreview: {
    tool_count: number;
    tokens_estimate: number;
    tools: Array<{
      name: string;
      title: string;
      resource: string | null;
      method: string | null;
      tags: string[];
      read_only: boolean;
      tokens_estimate: number;
    }>;
    notices: string[];
    clients: Array<{ client: string; limit: number; unit: string; kind: string; exceeded: boolean }>;
  };
  ToolDetails: {
    name: string;
    title: string;
    description: string;
    resource: string;
    method: string;
    tags: string[];
    input_schema: Record<string, unknown>;
    annotations: { read_only: boolean; destructive: boolean; idempotent: boolean; open_world: boolean };
    writes: boolean;
    has_dry_run: boolean;
    completes: string[];
    examples: Record<string, unknown>[];
    tokens_estimate: number;
  };
  ToolTry: {
    text: string;
    is_error: boolean;
    request: { method: string; url: string; body: unknown } | null;
    upstream_status: number | null;
    raw: string | null;
    raw_bytes: number;
    text_bytes: number;
    tokens_saved_estimate: number;
    duration_ms: number;
    upstream_duration_ms: number;
    stages?: Array<{ name: string; duration_ms: number }>;
  };
  ToolCompletion: { values: string[]; has_more: boolean };
}
