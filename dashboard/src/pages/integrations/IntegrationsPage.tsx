import { PageTitle } from '../../components/PageTitle';

export default function IntegrationsPage() {
  return <PageTitle title="IntegrationsPage" />;
}
