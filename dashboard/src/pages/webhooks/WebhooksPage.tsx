import { PageTitle } from '../../components/PageTitle';

export default function WebhooksPage() {
  return <PageTitle title="WebhooksPage" />;
}
