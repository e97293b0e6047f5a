import { PageTitle } from '../../components/PageTitle';

export default function ConnectPage() {
  return <PageTitle title="ConnectPage" />;
}
