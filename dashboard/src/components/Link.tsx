// Mantine's looks with the router's addresses.
import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

type LinkButtonProps = ButtonProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & { ref?: Ref<HTMLAnchorElement> };
type LinkTextProps = AnchorProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps> & { ref?: Ref<HTMLAnchorElement> };

export const LinkButton = createLink((props: LinkButtonProps) => <Button component="a" {...props} />);
export const LinkText = createLink((props: LinkTextProps) => (
  <Anchor inherit={props.size === undefined} {...props} />
));
