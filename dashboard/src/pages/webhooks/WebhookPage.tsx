import { PageTitle } from '../../components/PageTitle';

export default function WebhookPage() {
  return <PageTitle title="WebhookPage" />;
}
