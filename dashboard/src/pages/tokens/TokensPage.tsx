import { PageTitle } from '../../components/PageTitle';

export default function TokensPage() {
  return <PageTitle title="TokensPage" />;
}
