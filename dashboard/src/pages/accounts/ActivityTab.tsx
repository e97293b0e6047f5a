// The activity of one account.
import { useParams } from '@tanstack/react-router';
import { ActivityView } from '../activity/ActivityView';

export default function ActivityTab() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <ActivityView fixed={{ integrated_account_id: id }} />;
}
