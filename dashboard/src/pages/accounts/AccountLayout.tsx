import { PageTitle } from '../../components/PageTitle';

export default function AccountLayout() {
  return <PageTitle title="AccountLayout" />;
}
