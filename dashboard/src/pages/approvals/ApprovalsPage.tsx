import { PageTitle } from '../../components/PageTitle';

export default function ApprovalsPage() {
  return <PageTitle title="ApprovalsPage" />;
}
