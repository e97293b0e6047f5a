// Colours and sizes stand in styles/theme.css: variables that Mantine would inject as a <style> element
// are refused by the Content-Security-Policy.
import { Alert, createTheme, Modal, Drawer, Tooltip, Table, Anchor } from '@mantine/core';

export const theme = createTheme({
  cursorType: 'pointer',
  components: {
    // What interrupts is a Problem; a banner does not shout at a screen reader.
    Alert: Alert.extend({ defaultProps: { role: 'note' } }),
    // The library's lock of scrolling injects a style sheet; styles/base.css locks it instead.
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, centered: false, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Drawer: Drawer.extend({
      defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm' } }),
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }),
  },
});
