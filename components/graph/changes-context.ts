'use client';

import { createContext } from 'react';
import { type Changes, NO_CHANGES } from '@/components/compare/changes';

/** What has changed of the picture's nodes, for their cards. */
export const ChangesContext = createContext<Changes>(NO_CHANGES);
