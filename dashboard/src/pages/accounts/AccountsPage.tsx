import { PageTitle } from '../../components/PageTitle';

export default function AccountsPage() {
  return <PageTitle title="AccountsPage" />;
}
