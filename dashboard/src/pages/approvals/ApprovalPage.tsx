import { PageTitle } from '../../components/PageTitle';

export default function ApprovalPage() {
  return <PageTitle title="ApprovalPage" />;
}
