// Made by `node cloud/api/contract/main.ts write` from contract/openapi.json. Not to be edited.

export interface paths {
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["showSession"];
        put?: never;
        /**
         * Trade an API key for a cookie, so that a page may read and follow events
         * @description `EventSource` cannot send headers. The cookie is HttpOnly and SameSite=Strict, and a session may only read.
         */
        post: operations["openSession"];
        /** Sign out */
        delete: operations["closeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How one may sign in */
        get: operations["listLoginMethods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Send the browser to the login provider */
        get: operations["beginLogin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the login provider sends the browser back to */
        get: operations["finishLogin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session, and say where to end it at the login provider */
        post: operations["logOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the first admin, once, with the setup token */
        post: operations["setUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** People by name, with their badges */
        get: operations["listEmployees"];
        put?: never;
        /** Enter a person */
        post: operations["createEmployee"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who reports to a person directly, by name */
        get: operations["listDirectReports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One person */
        get: operations["showEmployee"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a person
         * @description Needs `If-Match` with the ETag of the person as read.
         */
        patch: operations["changeEmployee"];
        trace?: never;
    };
    "/api/v1/org": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who works where and for whom
         * @description Flat, by department and name: `parentId` leads to the manager, who may stand in another department or on another page. People who have left are not in it.
         */
        get: operations["showOrg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/departments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Departments with the number of their people */
        get: operations["listDepartments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a draft an active person */
        post: operations["activateEmployee"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend an active person
         * @description Readers refuse their badges, and punches made meanwhile go to quarantine. What they were at, such as leave or probation, goes on when they are reactivated.
         */
        post: operations["suspendEmployee"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/reactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a suspension */
        post: operations["reactivateEmployee"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/terminate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an employment as of its last day
         * @description For good: badges open and punches count until the last day is over (unless the person is suspended); then they are deactivated and all their badges are withdrawn.
         */
        post: operations["terminateEmployee"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a person's punches from counting, from now on
         * @description Their badges stay theirs, and readers refuse them. The badges of somebody who was terminated are withdrawn.
         */
        post: operations["deactivateEmployee"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/probation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a probation
         * @description It is completed by itself when its last day is over.
         */
        post: operations["startProbation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/probation/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Complete a probation before its last day */
        post: operations["completeProbation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Destroy what is personal of a person who has left
         * @description Cannot be undone. The key to their data is destroyed, so that it becomes unreadable in every stream and backup; their badges are withdrawn. Figures and ids stay.
         */
        post: operations["eraseEmployee"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/badges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a person a badge
         * @description A badge never belongs to two people at one instant. Given again to who holds it, an earlier `validFrom` or another PIN replaces what was.
         */
        post: operations["assignBadge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/badges/{badge}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a badge from a person */
        post: operations["withdrawBadge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/badges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Badges and who holds them, by badge; the returned ones too if asked for */
        get: operations["listBadges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/badges/{badge}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who holds a badge, and who held it before */
        get: operations["showBadge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is in, out or on a break, by the latest punch of each person */
        get: operations["listPresence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/timesheets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Workdays between two dates, both included, by date and employee */
        get: operations["listTimesheets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/timesheets/{employeeId}/{date}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One workday with its punches, intervals and exceptions, each with its reason */
        get: operations["showTimesheet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/punches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Punches that count for somebody, by instant; with /quarantine, every punch there is */
        get: operations["listPunches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Punches that could not be attributed, oldest first; the resolved ones too if asked for */
        get: operations["listQuarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{punchId}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the punch to an employee, at its own time or another
         * @description A punch is resolved once; the same resolution again changes nothing. A punch with an impossible time needs `at`.
         */
        post: operations["resolveQuarantine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/quarantine/{punchId}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let the punch count for nobody; it stays on record */
        post: operations["rejectQuarantine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was wrong with gateways' journals, newest first */
        get: operations["listAlarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/timesheets/{employeeId}/{date}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything a workday has ever said, newest first, each with its cause */
        get: operations["listRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/timesheets:verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm the days of a time: the employee the own ones, a superior those of others
         * @description Whatever is decided about these days later takes it back.
         */
        post: operations["verifyTimesheets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests for corrections, newest first */
        get: operations["listCorrections"];
        put?: never;
        /**
         * Ask for punches to be added, changed or voided
         * @description Takes effect once it is approved; the punches themselves stay as they were made. With `preview` nothing is stored, and the answer has every day as it stands and as it would be.
         */
        post: operations["requestCorrections"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections/{requestId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One request, what it asks for and what became of it */
        get: operations["showCorrection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections/{requestId}/effect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every day it would change if it were approved now, as it stands and as it would be
         * @description Empty once it has had its effect; the days' revisions then tell what it changed.
         */
        get: operations["showCorrectionEffect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections:preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a request would change, item by item, with old and new totals; nothing is stored
         * @description The same body as a request. Items that cannot be asked for are named with the rule that says no, and the effect of the others is shown beside them. A request itself is taken as a whole or not at all.
         */
        post: operations["previewCorrections"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections/{requestId}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take back a request that is not decided yet */
        post: operations["withdrawCorrection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exceptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What somebody must look at, by date and employee */
        get: operations["listExceptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exceptions/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many there are: by state, severity, kind and site */
        get: operations["summariseExceptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exceptions/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark exceptions as reviewed or resolved, or open them again
         * @description Each item has its own result. What is blocking cannot be resolved by hand: it goes away once the punches are corrected.
         */
        post: operations["reviewExceptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/completeness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Up to when everything a site recorded has arrived, and who holds it back
         * @description Nobody is absent, and no day complete, before this has passed the end of the day.
         */
        get: operations["showCompleteness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/timesheets/{employeeId}/{date}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why a workday says what it says, down to punches and rules
         * @description Computed anew from everything known of the person and the rules in force; nothing is stored. `stored` tells whether the day as it was told last says the same.
         */
        get: operations["explainTimesheet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Policy groups of the rule book, and the presets they build on
         * @description Rules are written in the cloud's configuration (`rules`) and read at its start; the API shows and tries them, and does not change them.
         */
        get: operations["listPolicyGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/groups/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One policy group or preset: as written, and what it comes to
         * @description Rules are written in the cloud's configuration (`rules`) and read at its start; the API shows and tries them, and does not change them.
         */
        get: operations["showPolicyGroup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who uses which policy groups, from when to when
         * @description Rules are written in the cloud's configuration (`rules`) and read at its start; the API shows and tries them, and does not change them.
         */
        get: operations["listRuleAssignments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shift templates, rotas and holidays of each policy group that plans anything
         * @description Rules are written in the cloud's configuration (`rules`) and read at its start; the API shows and tries them, and does not change them.
         */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which rules somebody has on a date, and why */
        get: operations["showPersonRules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees/{employeeId}/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The shifts somebody is planned for, day by day, by rotas and rosters */
        get: operations["showPersonSchedule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whether a rule book holds together; changes nothing
         * @description The same judgement as at the start of the cloud. Rules are written in the cloud's configuration (`rules`) and read at its start; the API shows and tries them, and does not change them.
         */
        post: operations["checkRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody's days under another rule book, beside those of today; nothing is stored
         * @description Computed from everything known of the person. A book that does not hold together is a 422 with its faults.
         */
        post: operations["previewRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leave/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who of a site is off, and its holidays
         * @description At most 366 days; of the people whom the caller may see.
         */
        get: operations["showLeaveCalendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/holidays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public holidays of a site and its own days off */
        get: operations["listSiteHolidays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leave/accounts/{employeeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A person's balances and every line that they are the sums of */
        get: operations["showLeaveAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leave/accounts/{employeeId}/adjust": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Post a line by hand: a correction, or an opening balance */
        post: operations["adjustLeaveAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Leave by first day, whatever has become of it
         * @description Of the people whom the caller may see.
         */
        get: operations["listLeave"];
        put?: never;
        /**
         * Ask for leave, or see what it would come to
         * @description Counts the working days by the calendar of the person's site. With a policy that needs no approval it is approved at once.
         */
        post: operations["requestLeave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leave/{leaveId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One leave */
        get: operations["showLeave"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leave/{leaveId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take leave back before it begins, or end it early
         * @description What was not taken returns to the account.
         */
        post: operations["cancelLeave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflow/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests for approval, the newest first */
        get: operations["listApprovalRequests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflow/requests/{requestId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One request with its history */
        get: operations["showApprovalRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflow/requests/{requestId}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve the current step
         * @description Decided by an approver of the current step, by whom they have delegated it to, or by whom it was escalated to; never by who asked or whom it is about. The same decision again changes nothing.
         */
        post: operations["approveRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflow/requests/{requestId}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject the request
         * @description Decided by an approver of the current step, by whom they have delegated it to, or by whom it was escalated to; never by who asked or whom it is about. The same decision again changes nothing.
         */
        post: operations["rejectRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflow/requests:decide": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide many requests, each for itself
         * @description One that is refused holds up none of the others.
         */
        post: operations["decideRequests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflow/delegations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who stands in for whom, now or later */
        get: operations["listDelegations"];
        put?: never;
        /**
         * Let somebody decide in one's place, for a time
         * @description A delegate decides in their own name and for nobody else: what was delegated is not delegated on. The role `hr` (or the configured fallback) may set it for others, but not to itself.
         */
        post: operations["delegate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflow/delegations/{employeeId}/{delegateId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a delegation
         * @description Needs `If-Match` with the version as read.
         */
        delete: operations["endDelegation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The delivery log, the newest first
         * @description Holds neither addresses nor texts.
         */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many messages stand where */
        get: operations["summariseNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{notificationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One message with all its tries */
        get: operations["showNotification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{notificationId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message again that was given up, suppressed or is in doubt
         * @description Of one in doubt, the recipient may already have it: that is why nobody but a person sends it again. A message that was sent is not sent twice.
         */
        post: operations["resendNotification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages shown to the person the key acts for, the newest first */
        get: operations["listMyNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/notifications/{notificationId}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark a message as read */
        post: operations["markNotificationRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notification-preferences/{employeeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What somebody wants to be told, and how */
        get: operations["showNotificationPreferences"];
        /**
         * Set what one wants to be told, and how
         * @description Needs `If-Match` with the ETag as read.
         */
        put: operations["setNotificationPreferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notification-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every kind of message */
        get: operations["listNotificationTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notification-templates/{kind}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A template filled with made-up values */
        get: operations["previewNotificationTemplate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/accounts/{employeeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Somebody's pay account as last entered */
        get: operations["showPayAccount"];
        /**
         * Say how somebody is paid from a day on
         * @description What holds on days before `fromOn` stays. Needs `If-Match` where there is an account already. IBAN, BIC and routing number are checked.
         */
        put: operations["putPayAccount"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Pay runs, the latest first */
        get: operations["listPayRuns"];
        put?: never;
        /**
         * Open the pay run of a period
         * @description With `people`: a run for these alone, such as final pay before the end of a period.
         */
        post: operations["openPayRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/runs/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A pay run: what it comes to, how far it is, and what holds it up */
        get: operations["showPayRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/runs/{runId}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a run comes to for each person, line by line */
        get: operations["listPayResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/runs/{runId}/calculate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Calculate a run, in the background
         * @description Again after something changed. What did not change keeps its result and payslip. Follow `Location` until it has ended.
         */
        post: operations["calculatePayRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/runs/{runId}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand a run to whoever approves it
         * @description Refused while blockers stand, unless each kind of them is let pass with a reason.
         */
        post: operations["submitPayRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/runs/{runId}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A run as a file for another payroll system
         * @description The same run gives the same bytes. Layouts named after products are modelled on them, not certified.
         */
        get: operations["exportPayRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/runs/{runId}/files/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A payment file of an approved run */
        get: operations["showPaymentFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/people/{employeeId}/payslips": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Payslips of runs whose money is out, one's own or, with the role payroll, anybody's */
        get: operations["listPayslips"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/people/{employeeId}/payslips/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A payslip as PDF */
        get: operations["showPayslip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/people/{employeeId}/salary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What somebody earns in a period by what is known now
         * @description Nothing is stored, and no run has to be open. The same calculation answers at NATS, RabbitMQ and over gRPC.
         */
        get: operations["calculateSalary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/people/{employeeId}/payslips/{runId}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where each line of a payslip comes from: days and revisions, account, tax table
         * @description What was paid is shown as it was paid; beside it stands what is known now. The paths lead on to the punches and rules of each day.
         */
        get: operations["explainPayslip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payroll/people/{employeeId}/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What later changes of locked days came to, paid or not */
        get: operations["listPayAdjustments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Documents that the caller may see, newest first */
        get: operations["listDocuments"];
        put?: never;
        /**
         * Attach a file, such as a doctor's note; at most 10 MiB
         * @description The file as the body, its media type as `Content-Type`; or `multipart/form-data` with the part `file`. Taken are application/pdf, image/png, image/jpeg, image/webp, image/heic, text/plain, text/csv, application/vnd.openxmlformats-officedocument.wordprocessingml.document, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet. The file's own name is not kept: it may name people.
         */
        post: operations["uploadDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{documentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a document is */
        get: operations["showDocument"];
        put?: never;
        post?: never;
        /** Delete an attachment */
        delete: operations["deleteDocument"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{documentId}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The document itself */
        get: operations["documentContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reports the caller asked for (for who may oversee them everybody's), newest first */
        get: operations["listReports"];
        put?: never;
        /**
         * Ask for a report
         * @description It is made in the background: follow `Location` until it has ended; its `result` is the report, which names the document to fetch.
         */
        post: operations["requestReport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/{reportId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far a report is, and where it lies */
        get: operations["showReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/arrivals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Arrivals per five minutes and site, by beginning and site; windows without any are left out
         * @description Tumbling windows by the instant at which a check-in counts. One that comes late, is corrected or withdrawn changes the count of its window.
         */
        get: operations["listArrivalWindows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/overtime": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Overtime per department and ISO week, by week and department
         * @description Always whole weeks: those that `from` and `to` lie in are the first and the last.
         */
        get: operations["listOvertimeByWeek"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/late-rate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who came late among those due, per day and site or department */
        get: operations["listLateRates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All endpoints, the oldest first */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Have events sent to a URL from now on
         * @description Signed after Standard Webhooks (standardwebhooks.com). The secret is shown in this answer and never again.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One endpoint */
        get: operations["showWebhook"];
        put?: never;
        post?: never;
        /**
         * Send nothing there any more, and destroy its secrets
         * @description Needs `If-Match` with the ETag of the webhook as read.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change an endpoint
         * @description A merge patch (RFC 7396). Needs `If-Match` with the ETag of the webhook as read. Events of a domain that was not wanted before go out from now on.
         */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new secret
         * @description For 24 hours what goes out is signed with the former one as well.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switch an endpoint on again */
        post: operations["enableWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switch an endpoint off; it goes on where it stopped when it is switched on again */
        post: operations["disableWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send again what was stored since a moment
         * @description With the same `webhook-id`s as before: a receiver that remembers them drops what it has had.
         */
        post: operations["replayWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a `webhook.test` now, also where the endpoint is switched off
         * @description It is tried once. The answer says what came of it.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was sent in the last 30 days, and what came of it
         * @description The newest first, by when they changed last.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a delivery again, at once and with all further tries */
        post: operations["redeliverWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was stored, by whom and why; newest first */
        get: operations["listAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/entries/{entry}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One entry */
        get: operations["showAuditEntry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/entries/{entry}/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the event of an entry changed: the state before and after it
         * @description The events of the same aggregate are replayed up to the entry's, by the rules that made them. Where that is more than 50,000 events, or they are not what was recorded, the answer is 409 rather than a guess.
         */
        get: operations["showAuditChange"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Size and root hash of the log */
        get: operations["auditHead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/proof/{entry}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Proof that an entry stands in the log */
        get: operations["auditInclusionProof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Proof that a log begins with an earlier one */
        get: operations["auditConsistencyProof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts of people and machines that log in */
        get: operations["listUsers"];
        put?: never;
        /**
         * Make an account
         * @description By e-mail address: it is bound to the first login that the provider has verified it for.
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account */
        get: operations["showUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change an account, but for its grants */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/api/v1/users/{userId}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say what somebody may do, and where
         * @description In force in every process within a second. Nobody takes their own role admin away, nor that of the last one who has it.
         */
        put: operations["setUserGrants"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let somebody in no more; sessions and tokens end with it */
        post: operations["disableUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{userId}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let somebody in again */
        post: operations["enableUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the caller is and what they may do where */
        get: operations["showMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys that were issued over the API; those of the configuration are not among them */
        get: operations["listApiKeys"];
        put?: never;
        /** Issue a key; it is shown once, and only its hash is kept */
        post: operations["issueApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One key */
        get: operations["showApiKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{keyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put another key in its place */
        post: operations["rotateApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{keyId}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a key for good, in every process within a second */
        post: operations["revokeApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/{operationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far something is that was answered with 202
         * @description Ask again after the time in `Retry-After` until it has ended.
         */
        get: operations["showOperation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/employees:batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enter and change many people, and give and take their badges
         * @description An item stands for a request of its own (`create` for POST /employees, `change` for PATCH /employees/{target}, `assign-badge` for POST /employees/{target}/badges): one that is refused holds up none of the others, and what went through stays. With an `Idempotency-Key` each item takes effect once, whatever fails in between.
         */
        post: operations["changeEmployees"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections:batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for many corrections, each decided by itself
         * @description An item stands for a request of its own (`request` for POST /corrections): one that is refused holds up none of the others, and what went through stays. With an `Idempotency-Key` each item takes effect once, whatever fails in between.
         */
        post: operations["requestManyCorrections"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leave:batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post lines to many leave accounts, such as opening balances
         * @description An item stands for a request of its own (`adjust` for POST /leave/accounts/{target}/adjust): one that is refused holds up none of the others, and what went through stays. With an `Idempotency-Key` each item takes effect once, whatever fails in between.
         */
        post: operations["adjustLeaveAccounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages that could not be handled, oldest first */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{letter}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One dead letter with its headers and, without what is personal, its body */
        get: operations["showDeadLetter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters:retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have many dead letters handled again, one after the other, oldest first
         * @description Those named, or those that the filter lets through. Each has its own result. A request tries what it can in 20 seconds; what it had no time for says `not-tried`.
         */
        post: operations["retryDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{letter}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have its consumer handle the original message once more
         * @description It comes late, behind messages that came after it, but never beside another of the same aggregate. It stays a dead letter unless the outcome is `done`.
         */
        post: operations["retryDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bridges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Feeds to other brokers: how far each is, and what it waits for
         * @description What the process that runs a feed posted last; a feed whose process has been quiet for ten seconds is `silent`.
         */
        get: operations["listBridges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/streams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every stream and bucket: what is in it, its copies, and how far its readers are */
        get: operations["listStreams"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/streams/{stream}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One stream or bucket */
        get: operations["showStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/read-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is derived from the streams: how far each read model is, and its faults */
        get: operations["listReadModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/read-models/{name}/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a read model's rows to be built again from the stream
         * @description New rows are built beside those that answer, and take their place once they have caught up; GET /read-models shows how far they are. The process that applies the events does it: now, or at its next start.
         */
        post: operations["rebuildReadModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which process does what just now
         * @description Shares of the work and single tasks, by the process that holds them. A process that dies loses them within three seconds.
         */
        get: operations["showLeases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every site: zone, calendar, gateways, people, and up to when all of it has arrived */
        get: operations["listSites"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One site */
        get: operations["showSite"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/muster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is at a site by the latest punch of each person, and how far that can be believed
         * @description Everybody who works there and whoever is there besides. While a gateway of the site is silent or still holds punches, nobody's place is certain: the answer says since when.
         */
        get: operations["showMuster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sites/{site}/muster.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The whole muster list as CSV, to be printed
         * @description The same as `/sites/{site}/muster` with `Accept: text/csv`, for what can only follow a link.
         */
        get: operations["downloadMuster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/gateways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All gateways: online or not, backlog, readers and their faults, watermark */
        get: operations["listGateways"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/gateways/{site}/{gateway}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One gateway */
        get: operations["showGateway"];
        /**
         * Register a gateway, or change its key, name or zone
         * @description From then on the intake believes segments signed by this key, and no others. A gateway that exists needs `If-Match`, unless nothing changes. A revoked gateway becomes active again with a new key only.
         */
        put: operations["registerGateway"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/gateways/{site}/{gateway}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop believing a gateway
         * @description The intake refuses what is stored after this moment. The gateway can still log in to NATS until its key is taken out of the hub's configuration, which this call does not do.
         */
        post: operations["revokeGateway"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/gateways/{site}/{gateway}/readers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The readers of a gateway as it last told of them, with their faults */
        get: operations["listReaders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/gateways/{site}/{gateway}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a gateway send rows again, show a reader, set its clock or restart its driver
         * @description The answer is the gateway's own. A gateway that has been silent is not asked (503); one that does not answer in time may have carried the command out all the same (504). Every command is an event with who wanted it, and so stands in the audit log, before the gateway is asked; one that cannot be put on record is not sent (503).
         */
        post: operations["commandGateway"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow attendance events as they are stored (server-sent events)
         * @description Each event carries `id: <stream>:<sequence>`. A client that comes back with `Last-Event-ID` gets everything stored since, in order and once, however long it was away. A comment every 15 s keeps the line open. `event: reset` says that the position is unknown here and the client should load its view again.
         */
        get: operations["followEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Setup: {
            /** @description From the log, or `clockleaf admin setup-link` */
            token: string;
            /** @description Make an API key with the scope admin */
            apiKey?: {
                name: string;
            };
            /** @description Or an account with the role admin, to log in to */
            account?: {
                /**
                 * Format: email
                 * @description Verified by the login provider
                 */
                email: string;
                /** @default null */
                displayName?: string | null;
            };
        } & ({
            apiKey: unknown;
        } | {
            account: unknown;
        });
        NewEmployee: {
            /** @description Left out: one is made */
            employeeId?: string;
            /** Format: email */
            email: string;
            firstName: string;
            lastName: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            departmentId: string;
            /** @default null */
            managerId?: string | null;
            jobTitle: string;
            /**
             * Format: date
             * @description First day of work, civil date
             */
            startDate: string;
            /** @enum {string} */
            employmentType: "full-time" | "part-time" | "temporary" | "contractor";
            /** @description Sites whose readers greet this person */
            siteIds: string[];
            /** @description As first entered, major units a month; `salaryMinor` is what counts where both are there */
            salary?: number | null;
            /** @description Minor units a month */
            salaryMinor?: number | null;
            /** @description ISO 4217 */
            currency?: string | null;
            phone?: string | null;
            /** @description BCP 47: the language of messages and payslips */
            locale?: string | null;
            zone?: string | null;
            /**
             * @description True: entered, but no badge opens and no punch counts before `activate`
             * @default false
             */
            draft?: boolean;
            /**
             * Format: date
             * @description Last day of the probation they begin with
             */
            probationUntil?: string;
        };
        /** @description Merge patch: what is left out stays */
        EmployeePatch: {
            /** Format: email */
            email?: string;
            firstName?: string;
            lastName?: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            departmentId?: string;
            managerId?: string | null;
            jobTitle?: string;
            /**
             * Format: date
             * @description First day of work, civil date
             */
            startDate?: string;
            /** @enum {string} */
            employmentType?: "full-time" | "part-time" | "temporary" | "contractor";
            /** @description Sites whose readers greet this person */
            siteIds?: string[];
            /** @description As first entered, major units a month; `salaryMinor` is what counts where both are there */
            salary?: number | null;
            /** @description Minor units a month */
            salaryMinor?: number | null;
            /** @description ISO 4217 */
            currency?: string | null;
            phone?: string | null;
            /** @description BCP 47: the language of messages and payslips */
            locale?: string | null;
            zone?: string | null;
            /**
             * @description Takes somebody on again
             * @constant
             */
            status?: "active";
        };
        EmployeeReason: {
            /** @description Kept with the event; sealed with the person's other data where it says why somebody left */
            reason: string;
        };
        Termination: {
            /** @description Kept with the event; sealed with the person's other data where it says why somebody left */
            reason: string;
            /**
             * Format: date
             * @description Last day of the employment, civil date where they work
             */
            lastDayOn: string;
        };
        Probation: {
            /**
             * Format: date
             * @description Last day of the probation
             */
            untilOn: string;
        };
        Erasure: {
            /** @description Kept in the clear for good: must not name anybody */
            reason: string;
            /**
             * @description Also somebody who is still employed
             * @default false
             */
            force?: boolean;
        };
        NewBadge: {
            /** @description By its key, or by what is printed on the card */
            badge: string | ({
                /**
                 * @description Wiegand format of the card, as its order says
                 * @enum {string}
                 */
                format: "H10301" | "H10306" | "H10302" | "H10304" | "C1000-35" | "C1000-48";
                /** @description Facility or company code; null where it has none */
                facility: number | null;
                /** @description Number printed on the card */
                number: number;
            } | {
                /** @constant */
                format?: "H10301";
                facility?: number;
                number?: unknown;
            } | {
                /** @constant */
                format?: "H10306";
                facility?: number;
                number?: unknown;
            } | {
                /** @constant */
                format?: "H10302";
                facility?: null;
                number?: unknown;
            } | {
                /** @constant */
                format?: "H10304";
                facility?: number;
                number?: unknown;
            } | {
                /** @constant */
                format?: "C1000-35";
                facility?: number;
                number?: unknown;
            } | {
                /** @constant */
                format?: "C1000-48";
                facility?: number;
                number?: unknown;
            });
            /**
             * Format: date-time
             * @description Punches from then on are the employee's, also those in quarantine; default now
             */
            validFrom?: string;
            /** @description Asked for at readers with a keypad; hashed at once and never given out */
            pin?: string;
        };
        BadgeWithdrawal: {
            /**
             * Format: date-time
             * @description Punches before stay the employee's; default now
             */
            validTo?: string;
            reason: string;
        };
        QuarantineResolution: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /**
             * Format: date-time
             * @description Counts at this instant instead of its own
             */
            at?: string;
            /** @description Why, for the record */
            note: string;
        };
        QuarantineRejection: {
            /** @description Why, for the record */
            note: string;
        };
        Verification: {
            /** Format: date */
            fromOn: string;
            /** Format: date */
            toOn: string;
            /** @enum {string} */
            level: "employee" | "superior";
        };
        NewCorrection: {
            /** @description Left out: one is made. The same request under the same id is stored once */
            requestId?: string;
            items: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                change: {
                    /** @constant */
                    do: "add";
                    /**
                     * Format: date-time
                     * @description ISO 8601 with offset
                     */
                    at: string;
                    /** @enum {string} */
                    meaning: "in" | "out" | "break-start" | "break-end" | "lunch-start" | "lunch-end" | "transfer";
                    /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                    site: string;
                    /** @description IANA zone of the site; left out: of the rules */
                    zone?: string;
                    labels?: {
                        /** @description The branch */
                        branch?: string;
                        /** @description The department */
                        department?: string;
                        /** @description The job */
                        job?: string;
                        /** @description The task */
                        task?: string;
                    };
                } | {
                    /** @constant */
                    do: "change";
                    punchId: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601 with offset
                     */
                    at?: string;
                    /** @enum {string} */
                    meaning?: "in" | "out" | "break-start" | "break-end" | "lunch-start" | "lunch-end" | "transfer";
                    labels?: {
                        /** @description The branch */
                        branch?: string;
                        /** @description The department */
                        department?: string;
                        /** @description The job */
                        job?: string;
                        /** @description The task */
                        task?: string;
                    };
                } | {
                    /** @constant */
                    do: "void";
                    punchId: string;
                } | {
                    /** @constant */
                    do: "withdraw";
                    /** @description The correction to take back */
                    correctionId: string;
                };
            }[];
            /** @enum {string} */
            reasonCode: "forgot-to-punch" | "reader-out-of-order" | "wrong-badge" | "wrong-time" | "off-site-work" | "outage" | "other";
            reason: string;
            /** @description The outage that made it necessary */
            outageId?: string;
            /**
             * @description Also where days are paid and locked; needs the scope admin
             * @default false
             */
            overridesLock?: boolean;
            /**
             * @description Only say what it would change; nothing is stored
             * @default false
             */
            preview?: boolean;
        };
        CorrectionWithdrawal: {
            note: string;
        };
        ExceptionReview: {
            /** @enum {string} */
            outcome: "reviewed" | "resolved" | "reopened";
            /** @default  */
            note?: string;
            items: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** Format: date */
                workdayOn: string;
                /** @enum {string} */
                kind: "missing-in" | "missing-out" | "missing-lunch-start" | "missing-lunch-end" | "missing-break-start" | "missing-break-end" | "assumed-out" | "absent" | "not-yet-in" | "unscheduled" | "in-early" | "in-late" | "out-early" | "out-late" | "core-time-missed" | "over-schedule" | "under-schedule" | "over-schedule-week" | "under-schedule-week" | "other-place" | "other-job" | "over-daily-limit" | "over-weekly-limit" | "average-week-limit" | "night-work-limit" | "rest-too-short" | "weekly-rest-too-short" | "consecutive-days-limit" | "shift-too-long" | "lunch-long" | "lunch-short" | "lunch-missed" | "lunch-late" | "lunch-too-many" | "lunch-too-few" | "break-long" | "break-short" | "break-missed" | "break-late" | "break-too-many" | "break-too-few" | "repeat" | "too-many-punches" | "clock-skew" | "impossible-time" | "unknown-badge" | "unknown-direction" | "outside-geofence" | "biometric-override" | "check-in-due" | "no-assignment" | "place-not-allowed" | "job-not-allowed" | "job-complete" | "job-missing" | "overtime-unapproved" | "approval-lapsed" | "not-verified" | "verification-lapsed" | "absence-conflict" | "roster-invalid" | "correction-unknown-punch" | "correction-conflict" | "correction-reorders" | "correction-impossible" | "site-offline" | "rule-fault";
                /** @description Of the day as it was looked at: refused if it has changed since */
                revision?: number;
            }[];
        };
        RuleBookToCheck: {
            /** @description A rule book as in the configuration: `groups` and `assignments` */
            book: {
                [key: string]: unknown;
            };
        };
        RulesToPreview: {
            /** @description A rule book as in the configuration: `groups` and `assignments` */
            book: {
                [key: string]: unknown;
            };
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
        };
        LeaveAdjustment: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            policy: string;
            /** @description Added to the balance; negative takes away */
            minutes: number;
            /**
             * Format: date
             * @description The date it counts from; default today
             */
            on?: string;
            /**
             * @default adjustment
             * @enum {string}
             */
            kind?: "adjustment" | "opening";
            reason: string;
            /** @description Of the caller's making: the same key again is the same request. Left out: one is made */
            key?: string;
        };
        NewLeave: {
            /** @description Left out: the person that the API key acts for */
            employeeId?: string;
            /** @description Name of the leave policy in the configuration */
            policy: string;
            /** Format: date */
            fromOn: string;
            /**
             * Format: date
             * @description Last day, included
             */
            toOn: string;
            /**
             * @description How much of each day, seconds; null = whole days
             * @default null
             */
            secondsADay?: number | null;
            /**
             * @description For who approves; kept sealed
             * @default
             */
            note?: string;
            /** @description Of the caller's making: the same key again is the same request. Left out: one is made */
            key?: string;
            /**
             * @description Only say what it would come to
             * @default false
             */
            preview?: boolean;
        };
        LeaveCancellation: {
            /**
             * @description Last day that still counts; null = today if it has begun, else none
             * @default null
             */
            untilOn?: string | null;
            reason: string;
        };
        ApprovalDecision: {
            /**
             * @description For who asked and for the record
             * @default
             */
            note?: string;
        };
        ApprovalDecisions: {
            /** @enum {string} */
            decision: "approved" | "rejected";
            requestIds: string[];
            /**
             * @description For who asked and for the record
             * @default
             */
            note?: string;
        };
        NewDelegation: {
            /** @description Default: the person the key acts for */
            employeeId?: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            delegateId: string;
            kinds: ("overtime" | "leave" | "correction" | "pay-run")[];
            /**
             * Format: date-time
             * @description Default now
             */
            from?: string;
            /**
             * Format: date-time
             * @description ISO 8601 with offset
             */
            until: string;
        };
        NewNotificationPreferences: {
            /** @default null */
            locale?: string | null;
            /** @default {} */
            channels?: {
                welcome?: ("email" | "sms" | "in-app")[];
                "overtime-to-approve"?: ("email" | "sms" | "in-app")[];
                "leave-to-approve"?: ("email" | "sms" | "in-app")[];
                "correction-to-approve"?: ("email" | "sms" | "in-app")[];
                "pay-run-to-approve"?: ("email" | "sms" | "in-app")[];
                escalation?: ("email" | "sms" | "in-app")[];
                "overtime-decided"?: ("email" | "sms" | "in-app")[];
                "leave-decided"?: ("email" | "sms" | "in-app")[];
                "correction-decided"?: ("email" | "sms" | "in-app")[];
                "pay-estimated"?: ("email" | "sms" | "in-app")[];
                "payslip-ready"?: ("email" | "sms" | "in-app")[];
                "payment-sent"?: ("email" | "sms" | "in-app")[];
                "gateway-alarm"?: ("email" | "sms" | "in-app")[];
                "dead-letters"?: ("email" | "sms" | "in-app")[];
                "delivery-uncertain"?: ("email" | "sms" | "in-app")[];
                "webhook-disabled"?: ("email" | "sms" | "in-app")[];
            };
        };
        NewPayAccount: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            payGroup: string;
            /** @description ISO 4217 */
            currency: string;
            /** @enum {string} */
            basis: "salaried" | "hourly";
            /** @description Salaried: a month; hourly: an hour. Null = not known yet, which blocks a run */
            rateMinor: number | null;
            /** @description Name of a tax table of the configuration */
            taxTable: string | null;
            taxId: string | null;
            bank: {
                holder: string;
                /** @description For SEPA */
                iban: string | null;
                bic: string | null;
                /** @description ABA routing number, for NACHA */
                routing: string | null;
                account: string | null;
            } | null;
            components: {
                name: string;
                amountMinor: number | null;
            }[];
            /**
             * Format: date
             * @description Holds from this civil date; a later one replaces it from then on
             */
            fromOn: string;
        };
        NewPayRun: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            payGroup: string;
            /** @description 2026-11, 2026-11-1 (half of a month), or the first day of a week */
            period: string;
            /** @default null */
            people?: string[] | null;
        };
        PayRunSubmission: {
            /** @default [] */
            overrides?: {
                kind: string;
                reason: string;
            }[];
        };
        NewReport: {
            /** @enum {string} */
            report: "monthly-attendance" | "overtime" | "absence" | "payroll-register";
            /** @enum {string} */
            format: "csv" | "xlsx" | "pdf";
            /** Format: date */
            fromOn: string;
            /**
             * Format: date
             * @description Last day, included; at most 400 days
             */
            toOn: string;
            /**
             * @description Only people who work there
             * @default null
             */
            site?: string | null;
            /**
             * @description Only people of the department
             * @default null
             */
            departmentId?: string | null;
            /**
             * @description Only this person
             * @default null
             */
            employeeId?: string | null;
        };
        /** @enum {string} */
        WebhookEventPattern: "*" | "attendance.*" | "attendance.absence.*" | "attendance.absence.recorded" | "attendance.break.*" | "attendance.break.ended" | "attendance.break.started" | "attendance.check-in.*" | "attendance.check-in.recorded" | "attendance.check-out.*" | "attendance.check-out.recorded" | "attendance.clock.*" | "attendance.clock.recorded" | "attendance.correction.*" | "attendance.correction.applied" | "attendance.correction.approved" | "attendance.correction.rejected" | "attendance.correction.requested" | "attendance.exception.*" | "attendance.exception.reviewed" | "attendance.gateway-time.*" | "attendance.gateway-time.learned" | "attendance.gateway.*" | "attendance.gateway.alarmed" | "attendance.meaning.*" | "attendance.meaning.withdrawn" | "attendance.overtime.*" | "attendance.overtime.approved" | "attendance.overtime.calculated" | "attendance.overtime.rejected" | "attendance.overtime.withdrawn" | "attendance.punch.*" | "attendance.punch.quarantined" | "attendance.punch.redated" | "attendance.quarantine.*" | "attendance.quarantine.resolved" | "attendance.site.*" | "attendance.site.completed" | "attendance.timesheet.*" | "attendance.timesheet.verified" | "attendance.transfer.*" | "attendance.transfer.recorded" | "attendance.watermark.*" | "attendance.watermark.reached" | "attendance.workday.*" | "attendance.workday.calculated" | "audit.*" | "audit.entry.*" | "audit.entry.recorded" | "document.*" | "document.document.*" | "document.document.checked" | "document.document.erased" | "document.document.stored" | "employee.*" | "employee.badge.*" | "employee.badge.withdrawn" | "employee.department.*" | "employee.department.changed" | "employee.employee.*" | "employee.employee.activated" | "employee.employee.created" | "employee.employee.deactivated" | "employee.employee.reactivated" | "employee.employee.suspended" | "employee.employee.terminated" | "employee.employee.updated" | "employee.leave.*" | "employee.leave.ended" | "employee.leave.started" | "employee.manager.*" | "employee.manager.changed" | "employee.person.*" | "employee.person.erased" | "employee.probation.*" | "employee.probation.completed" | "employee.probation.started" | "fleet.*" | "fleet.command.*" | "fleet.command.ended" | "fleet.gateway.*" | "fleet.gateway.commanded" | "identity.*" | "identity.account.*" | "identity.account.bound" | "identity.account.changed" | "identity.account.created" | "identity.account.disabled" | "identity.account.enabled" | "identity.account.erased" | "identity.account.grants-set" | "identity.key.*" | "identity.key.issued" | "identity.key.revoked" | "identity.key.rotated" | "leave.*" | "leave.account.*" | "leave.account.created" | "leave.leave.*" | "leave.leave.approved" | "leave.leave.began" | "leave.leave.cancelled" | "leave.leave.finished" | "leave.leave.rejected" | "leave.leave.requested" | "leave.ledger.*" | "leave.ledger.posted" | "notification.*" | "notification.message.*" | "notification.message.claimed" | "notification.message.failed" | "notification.message.read" | "notification.message.requested" | "notification.message.sent" | "notification.preferences.*" | "notification.preferences.set" | "payroll.*" | "payroll.account.*" | "payroll.account.changed" | "payroll.account.created" | "payroll.adjustment.*" | "payroll.adjustment.recorded" | "payroll.pay.*" | "payroll.pay.estimated" | "payroll.payment.*" | "payroll.payment.processed" | "payroll.payslip.*" | "payroll.payslip.generated" | "payroll.period.*" | "payroll.period.locked" | "payroll.run.*" | "payroll.run.approved" | "payroll.run.calculation-requested" | "payroll.run.opened" | "payroll.run.rejected" | "payroll.run.submitted" | "payroll.salary.*" | "payroll.salary.calculated" | "payroll.tax.*" | "payroll.tax.deducted" | "reporting.*" | "reporting.report.*" | "reporting.report.completed" | "reporting.report.failed" | "reporting.report.requested" | "webhook.*" | "webhook.endpoint.*" | "webhook.endpoint.changed" | "webhook.endpoint.created" | "webhook.endpoint.deleted" | "webhook.endpoint.disabled" | "webhook.endpoint.enabled" | "webhook.endpoint.replayed" | "webhook.secret.*" | "webhook.secret.rotated" | "workflow.*" | "workflow.delegation.*" | "workflow.delegation.ended" | "workflow.delegation.set" | "workflow.request.*" | "workflow.request.approved" | "workflow.request.escalated" | "workflow.request.opened" | "workflow.request.rejected" | "workflow.request.withdrawn" | "workflow.step.*" | "workflow.step.decided";
        NewUser: {
            /** @description Left out: a new one */
            userId?: string;
            /** @default null */
            displayName?: string | null;
            /**
             * @description Who logs in with it, verified by the provider, gets the account, once
             * @default null
             */
            email?: string | null;
            /**
             * @description With `subject`: the login that it belongs to
             * @default null
             */
            issuer?: string | null;
            /** @default null */
            subject?: string | null;
            /**
             * @description The person behind it
             * @default null
             */
            employeeId?: string | null;
            /** @default [] */
            grants?: components["schemas"]["Grant"][];
        } | {
            email: string;
            issuer?: null;
            subject?: null;
        } | {
            issuer: string;
            subject: string;
        };
        Grant: {
            /** @enum {string} */
            role: "viewer" | "employee" | "supervisor" | "site-manager" | "hr" | "payroll" | "pay-approver" | "admin" | "auditor";
            /** @description Where it counts, for a role that is bound to places */
            sites?: string[];
            departments?: string[];
            /** @description True: in the whole company */
            everywhere?: boolean;
        };
        /** @description JSON merge patch: what is left out stays */
        UserPatch: {
            displayName?: string | null;
            /** @description Who logs in with it, verified by the provider, gets the account, once */
            email?: string | null;
            /** @description With `subject`: the login that it belongs to */
            issuer?: string | null;
            subject?: string | null;
            /** @description The person behind it */
            employeeId?: string | null;
        };
        NewApiKey: {
            /** @description Stands in what its holder does */
            name: string;
            /** @default [] */
            scopes?: ("read" | "write" | "admin")[];
            /** @default [] */
            grants?: components["schemas"]["Grant"][];
            /**
             * @description The person it acts for
             * @default null
             */
            employeeId?: string | null;
            /** @default null */
            expiresAt?: string | null;
        } | {
            scopes: unknown;
        } | {
            grants: unknown;
        };
        DeadLetterRetry: {
            letters?: number[];
            /** @description The consumer that gave up, or the reaction that it is a share of */
            consumer?: string;
            stream?: string;
            code?: string;
            /**
             * @description At most so many of the filtered
             * @default 100
             */
            limit?: number;
        } & ({
            letters: unknown;
        } | ({
            consumer: unknown;
        } | {
            stream: unknown;
        } | {
            code: unknown;
        }));
        GatewayRegistration: {
            /**
             * Format: nkey-user
             * @description Public NKey of the gateway, U…; its last characters are a checksum
             */
            publicKey: string;
            /** @description Shown to people */
            name: string;
            /**
             * Format: iana-zone
             * @description IANA time zone of the site the gateway stands at
             */
            zone: string;
        };
        GatewayCommand: {
            /**
             * @description Send journal rows again; the intake knows each by number
             * @constant
             */
            verb: "resend";
            /** @description Of the journal; left out: the one the gateway named last */
            epoch?: string;
            first: number;
            last: number;
        } | {
            /**
             * @description Have a reader blink and beep, so that a person finds it
             * @constant
             */
            verb: "locate";
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            reader: string;
            /** @default 10 */
            seconds?: number;
        } | {
            /**
             * @description Set a reader's own clock by the gateway's
             * @constant
             */
            verb: "resync-clock";
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            reader: string;
        } | {
            /**
             * @description Open the reader's line anew; readers on the same line begin anew as well
             * @constant
             */
            verb: "restart-driver";
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            reader: string;
        };
        Session: {
            /** @description Name of the API key behind the session, or `user:<id>` of an account */
            name: string;
        };
        /** @description RFC 9457 problem details */
        Problem: {
            /** @description Page that explains the code, relative to this API */
            type: string;
            title: string;
            status: number;
            /** @description Stable: what programs act on */
            code: string;
            /** @description What went wrong this time, for people */
            detail?: string;
            /** @description Find it in the log and in every event of this request */
            traceId?: string;
            errors?: {
                /** @enum {string} */
                in: "json" | "query" | "param" | "header" | "cookie" | "form";
                /** @description JSON Pointer (RFC 6901, as a URI fragment) to the value */
                pointer: string;
                detail: string;
                code: string;
            }[];
        };
        Employee: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: email */
            email: string;
            firstName: string;
            lastName: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            departmentId: string;
            managerId: string | null;
            jobTitle: string;
            /**
             * Format: date
             * @description First day of work, civil date
             */
            startDate: string;
            /** @enum {string} */
            employmentType: "full-time" | "part-time" | "temporary" | "contractor";
            /**
             * @description Only the punches of active people count; `inactive` = taken off the readers for good
             * @enum {string}
             */
            status: "draft" | "active" | "suspended" | "terminated" | "inactive";
            /** @description Sites whose readers greet this person */
            siteIds: string[];
            /** @description As first entered, major units a month; `salaryMinor` is what counts where both are there */
            salary?: number | null;
            /** @description Minor units a month */
            salaryMinor?: number | null;
            /** @description ISO 4217 */
            currency?: string | null;
            phone?: string | null;
            /** @description BCP 47: the language of messages and payslips */
            locale?: string | null;
            /** @description IANA zone in which the person's days begin; left out, the company's */
            zone?: string | null;
            /** @description Of active people; null for all others */
            activity: ("working" | "on-leave" | "probation") | null;
            /** @description Last day of the running probation */
            probationUntilOn: string | null;
            /** @description Last day of the employment, once terminated */
            lastDayOn: string | null;
            /** @description Whether what is personal was destroyed */
            isErased: boolean;
            /** @description Changes with every change of the person; the ETag, too */
            version: number;
            /** @description Badges held now and before, oldest first */
            badges: components["schemas"]["EmployeeBadge"][];
        };
        /** @description A badge that an employee holds or held */
        EmployeeBadge: {
            /** @description Badge: card-<bits>-<hex> or number-<text>, at most 64 characters */
            badge: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            validFrom: string;
            /** @description Null while the employee holds it */
            validTo: string | null;
            /** @description Whether readers with a keypad ask for a PIN as well */
            hasPin: boolean;
        };
        OrgMember: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            firstName: string;
            lastName: string;
            jobTitle: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            departmentId: string;
            /**
             * @description Only the punches of active people count; `inactive` = taken off the readers for good
             * @enum {string}
             */
            status: "draft" | "active" | "suspended" | "terminated" | "inactive";
            /** @description Their manager; null at the top */
            parentId: string | null;
            activity: ("working" | "on-leave" | "probation") | null;
            /** @description How many name them as their manager */
            reports: number;
        };
        Department: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            departmentId: string;
            /** @description People who have not left */
            total: number;
            /** @description How many of each; inactive = have left */
            byStatus: {
                draft: number;
                active: number;
                suspended: number;
                terminated: number;
                inactive: number;
            };
        };
        BadgeHolding: {
            /** @description Badge: card-<bits>-<hex> or number-<text>, at most 64 characters */
            badge: string;
            /** @description What may be printed on it: the published formats that its bits fit, parity right */
            printed: components["schemas"]["PrintedCard"][];
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date-time */
            validFrom: string;
            /** @description Null = held */
            validTo: string | null;
            hasPin: boolean;
        };
        /** @description What is printed on a card */
        PrintedCard: {
            /** @description Wiegand format */
            format: string;
            /** @description Facility or company code; null where it has none */
            facility: number | null;
            /** @description Number printed on the card */
            number: number;
        };
        BadgeHolder: {
            /** @description Badge: card-<bits>-<hex> or number-<text>, at most 64 characters */
            badge: string;
            /** @description Who holds it; null = nobody does now */
            employeeId: string | null;
            /** @description Everybody who holds or held it, oldest first */
            holdings: components["schemas"]["BadgeHolding"][];
        };
        Presence: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** @enum {string} */
            state: "in" | "out" | "break";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            since: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            reader: string;
            /** @description gateway-epoch-row: names the journal row for ever */
            punchId: string;
        };
        Timesheet: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            workdayOn: string;
            /** @description IANA time zone of the site */
            zone: string;
            /**
             * @description `overdue`: still open although no shift may last so long
             * @enum {string}
             */
            state: "open" | "overdue" | "closed";
            /**
             * @description `complete`: every site concerned has told all of that day
             * @enum {string}
             */
            completeness: "open" | "provisional" | "complete";
            workedSeconds: number;
            breakSeconds: number;
            paidSeconds: number;
            scheduledSeconds: number;
            holiday: string | null;
            /** @description The policy groups in force on the day */
            groups: string[];
            planned: {
                name: string;
                /** @description Working time due */
                seconds: number;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                to: string;
            }[];
            punches: {
                punchId: string;
                /** @description The rounding rule that decided `countsAt`, moved or not */
                roundedBy?: string;
                /** @description What that rule did, for people */
                rounding?: string;
                /** @description `at` on the site's wall clock, with its offset */
                local?: string;
                /** @enum {string} */
                meaning: "in" | "out" | "lunch-start" | "lunch-end" | "break-start" | "break-end" | "transfer" | "between" | "repeat";
                /** @description Why, for people */
                reason: string;
                correctionIds?: string[];
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                /**
                 * Format: date-time
                 * @description Where rounding put it
                 */
                countsAt: string;
            }[];
            intervals: {
                /** @enum {string} */
                kind: "work" | "lunch" | "break" | "deduction";
                seconds: number;
                /** @default true */
                isPaid: boolean;
                labels?: {
                    /** @description The branch */
                    branch?: string;
                    /** @description The department */
                    department?: string;
                    /** @description The job */
                    job?: string;
                    /** @description The task */
                    task?: string;
                };
                punchIds: string[];
                /** @description The rule that made it */
                policy: string;
                /** @description Why, for people */
                reason: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                to: string;
            }[];
            /** @description What the paid time counts as */
            claims: {
                /** @enum {string} */
                class: "regular" | "overtime";
                /** @description Pay code */
                code: string;
                /** @description Multiplier of the base rate */
                rate: number;
                seconds: number;
                /** @enum {string} */
                approval: "not-needed" | "pending" | "approved" | "rejected" | "lapsed";
                labels?: {
                    /** @description The branch */
                    branch?: string;
                    /** @description The department */
                    department?: string;
                    /** @description The job */
                    job?: string;
                    /** @description The task */
                    task?: string;
                };
                punchIds: string[];
                /** @description The rule that made it */
                policy: string;
                /** @description Why, for people */
                reason: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                to: string;
            }[];
            premiums: {
                /** @description Kind of premium rule */
                kind: string;
                code: string;
                factor: number | null;
                seconds: number;
                labels?: {
                    /** @description The branch */
                    branch?: string;
                    /** @description The department */
                    department?: string;
                    /** @description The job */
                    job?: string;
                    /** @description The task */
                    task?: string;
                };
                punchIds: string[];
                /** @description The rule that made it */
                policy: string;
                /** @description Why, for people */
                reason: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                to: string;
            }[];
            /** @description Time that was not worked */
            credits: {
                /** @enum {string} */
                kind: "absence" | "holiday" | "undertime";
                code: string;
                seconds: number;
                isPaid: boolean;
                /** @description Whether it raises the count of overtime policies */
                contributes?: boolean;
                factIds: string[];
                /** @description The rule that made it */
                policy: string;
                /** @description Why, for people */
                reason: string;
            }[];
            /** @description Totals that a rounding rule decided */
            roundedTotals: {
                /** @enum {string} */
                total: "day" | "lunch" | "break";
                /** @description The rule that made it */
                policy: string;
                /** @description Before */
                seconds: number;
                countsAs: number;
            }[];
            exceptions: {
                /** @enum {string} */
                kind: "missing-in" | "missing-out" | "missing-lunch-start" | "missing-lunch-end" | "missing-break-start" | "missing-break-end" | "assumed-out" | "absent" | "not-yet-in" | "unscheduled" | "in-early" | "in-late" | "out-early" | "out-late" | "core-time-missed" | "over-schedule" | "under-schedule" | "over-schedule-week" | "under-schedule-week" | "other-place" | "other-job" | "over-daily-limit" | "over-weekly-limit" | "average-week-limit" | "night-work-limit" | "rest-too-short" | "weekly-rest-too-short" | "consecutive-days-limit" | "shift-too-long" | "lunch-long" | "lunch-short" | "lunch-missed" | "lunch-late" | "lunch-too-many" | "lunch-too-few" | "break-long" | "break-short" | "break-missed" | "break-late" | "break-too-many" | "break-too-few" | "repeat" | "too-many-punches" | "clock-skew" | "impossible-time" | "unknown-badge" | "unknown-direction" | "outside-geofence" | "biometric-override" | "check-in-due" | "no-assignment" | "place-not-allowed" | "job-not-allowed" | "job-complete" | "job-missing" | "overtime-unapproved" | "approval-lapsed" | "not-verified" | "verification-lapsed" | "absence-conflict" | "roster-invalid" | "correction-unknown-punch" | "correction-conflict" | "correction-reorders" | "correction-impossible" | "site-offline" | "rule-fault";
                /**
                 * @default warning
                 * @enum {string}
                 */
                severity: "info" | "warning" | "error" | "blocking";
                premature: boolean;
                punchIds: string[];
                factIds?: string[];
                seconds?: number;
                notify?: ("employee" | "supervisor")[];
                detail: string;
            }[];
            /** @description Where its first punch was made */
            site: string | null;
            /** @description Grows with every change of the day */
            revision: number;
        };
        Punch: {
            /** @description gateway-epoch-row: names the journal row for ever */
            punchId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            at: string;
            /** @description IANA time zone of the site */
            zone: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            /** @description `correction` for a punch that a correction added */
            gateway: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            reader: string;
            /**
             * Format: date-time
             * @description Where a correction put it; `at` is when it was made
             */
            countsAt: string;
            /** @description Null while no workday reads it, as of one that a correction voided */
            meaning: ("in" | "out" | "lunch-start" | "lunch-end" | "break-start" | "break-end" | "transfer" | "between" | "repeat") | null;
            reason: string | null;
            workdayOn: string | null;
        };
        QuarantinedPunch: {
            /** @description gateway-epoch-row: names the journal row for ever */
            punchId: string;
            /** @enum {string} */
            reason: "unknown-badge" | "withdrawn-badge" | "inactive-employee" | "wrong-pin" | "impossible-time";
            /** @enum {string} */
            state: "waiting" | "assigned" | "rejected";
            /**
             * Format: date-time
             * @description When it was made, as far as is known; for impossible-time what the gateway's clock said when it took it, not to be believed
             */
            at: string;
            /** @description What the terminal's own clock said, local time; null = it has none, or said none */
            deviceLocal: string | null;
            /** @description Why the terminal's clock is not believed: no-date, ahead, too-old, unmeasured or no-zone. Null with impossible-time: the gateway itself did not know the time, and dates the punch once it does */
            doubt: ("no-date" | "ahead" | "too-old" | "unmeasured" | "no-zone") | null;
            /** @description Error of `at`, ± seconds; null = `at` is not known */
            uncertaintySeconds: number | null;
            /** @description IANA time zone of the site */
            zone: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            gateway: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            reader: string;
            /** @description Badge: card-<bits>-<hex> or number-<text>, at most 64 characters */
            badge: string;
            hint: ("in" | "out" | "break-start" | "break-end" | "lunch-start" | "lunch-end" | "transfer") | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            quarantinedAt: string;
            employeeId: string | null;
            /** @description The instant it counts at since it was assigned */
            countsAt: string | null;
            resolvedAt: string | null;
            resolvedBy: string | null;
            note: string | null;
        };
        GatewayAlarm: {
            id: number;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            raisedAt: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            gateway: string;
            /** @enum {string} */
            kind: "gap" | "corrupt-segment" | "bad-signature" | "broken-chain" | "unknown-gateway" | "new-epoch";
            epoch: string | null;
            /** @description First journal row concerned */
            first: number | null;
            last: number | null;
            /** @description Sequence in CLOCK of the message; 0 = none */
            streamSeq: number;
            /** @description For a gap: whether rows of it are still missing */
            isOpen: boolean;
            detail: string;
        };
        WorkdayRevision: {
            revision: number;
            /** Format: date-time */
            toldAt: string;
            eventId: string;
            /** @description The event that made it so, or what came from outside */
            causationId: string | null;
            correlationId: string | null;
            day: components["schemas"]["Workday"];
        };
        Workday: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            workdayOn: string;
            /** @description IANA time zone of the site */
            zone: string;
            /**
             * @description `overdue`: still open although no shift may last so long
             * @enum {string}
             */
            state: "open" | "overdue" | "closed";
            /**
             * @description `complete`: every site concerned has told all of that day
             * @enum {string}
             */
            completeness: "open" | "provisional" | "complete";
            workedSeconds: number;
            breakSeconds: number;
            paidSeconds: number;
            scheduledSeconds: number;
            holiday: string | null;
            /** @description The policy groups in force on the day */
            groups: string[];
            planned: {
                name: string;
                /** @description Working time due */
                seconds: number;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                to: string;
            }[];
            punches: {
                punchId: string;
                /** @description The rounding rule that decided `countsAt`, moved or not */
                roundedBy?: string;
                /** @description What that rule did, for people */
                rounding?: string;
                /** @description `at` on the site's wall clock, with its offset */
                local?: string;
                /** @enum {string} */
                meaning: "in" | "out" | "lunch-start" | "lunch-end" | "break-start" | "break-end" | "transfer" | "between" | "repeat";
                /** @description Why, for people */
                reason: string;
                correctionIds?: string[];
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                /**
                 * Format: date-time
                 * @description Where rounding put it
                 */
                countsAt: string;
            }[];
            intervals: {
                /** @enum {string} */
                kind: "work" | "lunch" | "break" | "deduction";
                seconds: number;
                /** @default true */
                isPaid: boolean;
                labels?: {
                    /** @description The branch */
                    branch?: string;
                    /** @description The department */
                    department?: string;
                    /** @description The job */
                    job?: string;
                    /** @description The task */
                    task?: string;
                };
                punchIds: string[];
                /** @description The rule that made it */
                policy: string;
                /** @description Why, for people */
                reason: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                to: string;
            }[];
            /** @description What the paid time counts as */
            claims: {
                /** @enum {string} */
                class: "regular" | "overtime";
                /** @description Pay code */
                code: string;
                /** @description Multiplier of the base rate */
                rate: number;
                seconds: number;
                /** @enum {string} */
                approval: "not-needed" | "pending" | "approved" | "rejected" | "lapsed";
                labels?: {
                    /** @description The branch */
                    branch?: string;
                    /** @description The department */
                    department?: string;
                    /** @description The job */
                    job?: string;
                    /** @description The task */
                    task?: string;
                };
                punchIds: string[];
                /** @description The rule that made it */
                policy: string;
                /** @description Why, for people */
                reason: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                to: string;
            }[];
            premiums: {
                /** @description Kind of premium rule */
                kind: string;
                code: string;
                factor: number | null;
                seconds: number;
                labels?: {
                    /** @description The branch */
                    branch?: string;
                    /** @description The department */
                    department?: string;
                    /** @description The job */
                    job?: string;
                    /** @description The task */
                    task?: string;
                };
                punchIds: string[];
                /** @description The rule that made it */
                policy: string;
                /** @description Why, for people */
                reason: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                from: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                to: string;
            }[];
            /** @description Time that was not worked */
            credits: {
                /** @enum {string} */
                kind: "absence" | "holiday" | "undertime";
                code: string;
                seconds: number;
                isPaid: boolean;
                /** @description Whether it raises the count of overtime policies */
                contributes?: boolean;
                factIds: string[];
                /** @description The rule that made it */
                policy: string;
                /** @description Why, for people */
                reason: string;
            }[];
            /** @description Totals that a rounding rule decided */
            roundedTotals: {
                /** @enum {string} */
                total: "day" | "lunch" | "break";
                /** @description The rule that made it */
                policy: string;
                /** @description Before */
                seconds: number;
                countsAs: number;
            }[];
            exceptions: {
                /** @enum {string} */
                kind: "missing-in" | "missing-out" | "missing-lunch-start" | "missing-lunch-end" | "missing-break-start" | "missing-break-end" | "assumed-out" | "absent" | "not-yet-in" | "unscheduled" | "in-early" | "in-late" | "out-early" | "out-late" | "core-time-missed" | "over-schedule" | "under-schedule" | "over-schedule-week" | "under-schedule-week" | "other-place" | "other-job" | "over-daily-limit" | "over-weekly-limit" | "average-week-limit" | "night-work-limit" | "rest-too-short" | "weekly-rest-too-short" | "consecutive-days-limit" | "shift-too-long" | "lunch-long" | "lunch-short" | "lunch-missed" | "lunch-late" | "lunch-too-many" | "lunch-too-few" | "break-long" | "break-short" | "break-missed" | "break-late" | "break-too-many" | "break-too-few" | "repeat" | "too-many-punches" | "clock-skew" | "impossible-time" | "unknown-badge" | "unknown-direction" | "outside-geofence" | "biometric-override" | "check-in-due" | "no-assignment" | "place-not-allowed" | "job-not-allowed" | "job-complete" | "job-missing" | "overtime-unapproved" | "approval-lapsed" | "not-verified" | "verification-lapsed" | "absence-conflict" | "roster-invalid" | "correction-unknown-punch" | "correction-conflict" | "correction-reorders" | "correction-impossible" | "site-offline" | "rule-fault";
                /**
                 * @default warning
                 * @enum {string}
                 */
                severity: "info" | "warning" | "error" | "blocking";
                premature: boolean;
                punchIds: string[];
                factIds?: string[];
                seconds?: number;
                notify?: ("employee" | "supervisor")[];
                detail: string;
            }[];
        };
        VerificationResult: {
            verificationId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            fromOn: string;
            /** Format: date */
            toOn: string;
            /** @enum {string} */
            level: "employee" | "superior";
            by: string;
            /** Format: date-time */
            at: string;
        };
        Correction: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            requestId: string;
            /** @enum {string} */
            state: "pending" | "approved" | "rejected";
            /** @enum {string} */
            reasonCode: "forgot-to-punch" | "reader-out-of-order" | "wrong-badge" | "wrong-time" | "off-site-work" | "outage" | "other";
            reason: string;
            outageId: string | null;
            overridesLock: boolean;
            /** Format: date-time */
            requestedAt: string;
            requestedBy: string;
            decidedAt: string | null;
            decidedBy: string | null;
            note: string | null;
            items: {
                correctionId: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description As asked for; see NewCorrection */
                change: {
                    [key: string]: unknown;
                };
                /** @description Whether it counts on the person's days */
                isApplied: boolean;
            }[];
        };
        /** @description Every day that would change */
        CorrectionPreview: {
            days: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** Format: date */
                workdayOn: string;
                /** @description Null = nothing stands there now */
                before: components["schemas"]["Workday"] | null;
                after: components["schemas"]["Workday"];
            }[];
        };
        /** @description What a request would do; nothing is stored */
        CorrectionWeighed: {
            /** @description Whether the request could be asked for as it stands */
            isAcceptable: boolean;
            /** @description As they were sent, each with its result */
            items: {
                /** @description In the request, from 0 */
                index: number;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description `ok`, or the code of the rule that says no */
                code: string;
                detail: string;
            }[];
            /** @description Totals of the days that would change, by person */
            people: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                before: {
                    workedSeconds: number;
                    breakSeconds: number;
                    paidSeconds: number;
                };
                after: {
                    workedSeconds: number;
                    breakSeconds: number;
                    paidSeconds: number;
                };
            }[];
            days: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** Format: date */
                workdayOn: string;
                /** @description Null = nothing stands there now */
                before: components["schemas"]["Workday"] | null;
                after: components["schemas"]["Workday"];
            }[];
        };
        Exception: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            workdayOn: string;
            /** @enum {string} */
            kind: "missing-in" | "missing-out" | "missing-lunch-start" | "missing-lunch-end" | "missing-break-start" | "missing-break-end" | "assumed-out" | "absent" | "not-yet-in" | "unscheduled" | "in-early" | "in-late" | "out-early" | "out-late" | "core-time-missed" | "over-schedule" | "under-schedule" | "over-schedule-week" | "under-schedule-week" | "other-place" | "other-job" | "over-daily-limit" | "over-weekly-limit" | "average-week-limit" | "night-work-limit" | "rest-too-short" | "weekly-rest-too-short" | "consecutive-days-limit" | "shift-too-long" | "lunch-long" | "lunch-short" | "lunch-missed" | "lunch-late" | "lunch-too-many" | "lunch-too-few" | "break-long" | "break-short" | "break-missed" | "break-late" | "break-too-many" | "break-too-few" | "repeat" | "too-many-punches" | "clock-skew" | "impossible-time" | "unknown-badge" | "unknown-direction" | "outside-geofence" | "biometric-override" | "check-in-due" | "no-assignment" | "place-not-allowed" | "job-not-allowed" | "job-complete" | "job-missing" | "overtime-unapproved" | "approval-lapsed" | "not-verified" | "verification-lapsed" | "absence-conflict" | "roster-invalid" | "correction-unknown-punch" | "correction-conflict" | "correction-reorders" | "correction-impossible" | "site-offline" | "rule-fault";
            /** @description Of the day's first punch or, on a day without one, of the last before */
            site: string | null;
            /** @enum {string} */
            severity: "info" | "warning" | "error" | "blocking";
            /**
             * @description `premature`: it may still pass by itself; `reviewed` and `resolved` hold until the finding is another one
             * @enum {string}
             */
            state: "premature" | "active" | "reviewed" | "resolved";
            /** @description Of the day */
            revision: number;
            reviewedBy: string | null;
            reviewedAt: string | null;
            note: string | null;
            /** @description Everything of this kind on the day */
            findings: {
                /** @enum {string} */
                kind: "missing-in" | "missing-out" | "missing-lunch-start" | "missing-lunch-end" | "missing-break-start" | "missing-break-end" | "assumed-out" | "absent" | "not-yet-in" | "unscheduled" | "in-early" | "in-late" | "out-early" | "out-late" | "core-time-missed" | "over-schedule" | "under-schedule" | "over-schedule-week" | "under-schedule-week" | "other-place" | "other-job" | "over-daily-limit" | "over-weekly-limit" | "average-week-limit" | "night-work-limit" | "rest-too-short" | "weekly-rest-too-short" | "consecutive-days-limit" | "shift-too-long" | "lunch-long" | "lunch-short" | "lunch-missed" | "lunch-late" | "lunch-too-many" | "lunch-too-few" | "break-long" | "break-short" | "break-missed" | "break-late" | "break-too-many" | "break-too-few" | "repeat" | "too-many-punches" | "clock-skew" | "impossible-time" | "unknown-badge" | "unknown-direction" | "outside-geofence" | "biometric-override" | "check-in-due" | "no-assignment" | "place-not-allowed" | "job-not-allowed" | "job-complete" | "job-missing" | "overtime-unapproved" | "approval-lapsed" | "not-verified" | "verification-lapsed" | "absence-conflict" | "roster-invalid" | "correction-unknown-punch" | "correction-conflict" | "correction-reorders" | "correction-impossible" | "site-offline" | "rule-fault";
                /**
                 * @default warning
                 * @enum {string}
                 */
                severity: "info" | "warning" | "error" | "blocking";
                premature: boolean;
                punchIds: string[];
                factIds?: string[];
                seconds?: number;
                notify?: ("employee" | "supervisor")[];
                detail: string;
            }[];
        };
        ExceptionSummary: {
            total: number;
            /** @description Premature and active */
            open: number;
            /** @description Open and blocking: they cannot be resolved by hand */
            blocking: number;
            byState: {
                premature: number;
                active: number;
                reviewed: number;
                resolved: number;
            };
            /** @description Of the open ones */
            bySeverity: {
                info: number;
                warning: number;
                error: number;
                blocking: number;
            };
            byKind: {
                /** @enum {string} */
                kind: "missing-in" | "missing-out" | "missing-lunch-start" | "missing-lunch-end" | "missing-break-start" | "missing-break-end" | "assumed-out" | "absent" | "not-yet-in" | "unscheduled" | "in-early" | "in-late" | "out-early" | "out-late" | "core-time-missed" | "over-schedule" | "under-schedule" | "over-schedule-week" | "under-schedule-week" | "other-place" | "other-job" | "over-daily-limit" | "over-weekly-limit" | "average-week-limit" | "night-work-limit" | "rest-too-short" | "weekly-rest-too-short" | "consecutive-days-limit" | "shift-too-long" | "lunch-long" | "lunch-short" | "lunch-missed" | "lunch-late" | "lunch-too-many" | "lunch-too-few" | "break-long" | "break-short" | "break-missed" | "break-late" | "break-too-many" | "break-too-few" | "repeat" | "too-many-punches" | "clock-skew" | "impossible-time" | "unknown-badge" | "unknown-direction" | "outside-geofence" | "biometric-override" | "check-in-due" | "no-assignment" | "place-not-allowed" | "job-not-allowed" | "job-complete" | "job-missing" | "overtime-unapproved" | "approval-lapsed" | "not-verified" | "verification-lapsed" | "absence-conflict" | "roster-invalid" | "correction-unknown-punch" | "correction-conflict" | "correction-reorders" | "correction-impossible" | "site-offline" | "rule-fault";
                open: number;
                total: number;
            }[];
            bySite: {
                site: string | null;
                open: number;
                total: number;
            }[];
        };
        ExceptionReviewResult: {
            items: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** Format: date */
                workdayOn: string;
                /** @enum {string} */
                kind: "missing-in" | "missing-out" | "missing-lunch-start" | "missing-lunch-end" | "missing-break-start" | "missing-break-end" | "assumed-out" | "absent" | "not-yet-in" | "unscheduled" | "in-early" | "in-late" | "out-early" | "out-late" | "core-time-missed" | "over-schedule" | "under-schedule" | "over-schedule-week" | "under-schedule-week" | "other-place" | "other-job" | "over-daily-limit" | "over-weekly-limit" | "average-week-limit" | "night-work-limit" | "rest-too-short" | "weekly-rest-too-short" | "consecutive-days-limit" | "shift-too-long" | "lunch-long" | "lunch-short" | "lunch-missed" | "lunch-late" | "lunch-too-many" | "lunch-too-few" | "break-long" | "break-short" | "break-missed" | "break-late" | "break-too-many" | "break-too-few" | "repeat" | "too-many-punches" | "clock-skew" | "impossible-time" | "unknown-badge" | "unknown-direction" | "outside-geofence" | "biometric-override" | "check-in-due" | "no-assignment" | "place-not-allowed" | "job-not-allowed" | "job-complete" | "job-missing" | "overtime-unapproved" | "approval-lapsed" | "not-verified" | "verification-lapsed" | "absence-conflict" | "roster-invalid" | "correction-unknown-punch" | "correction-conflict" | "correction-reorders" | "correction-impossible" | "site-offline" | "rule-fault";
                /** @description `done`, or the code of the rule that said no */
                code: string;
                detail: string;
                exception: components["schemas"]["Exception"] | null;
            }[];
        };
        SiteCompleteness: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            /** @description IANA time zone of the site */
            zone: string;
            /** @description The watermark; null = nothing is known yet */
            completeTo: string | null;
            /** @description How far that lies behind now */
            behindSeconds: number | null;
            gateways: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                gateway: string;
                /** @description Null = not known since the cloud started */
                completeTo: string | null;
                /** @description No other gateway of the site is less far */
                isHoldingBack: boolean;
                /** @description Null = it goes on */
                hold: {
                    /** @enum {string} */
                    why: "never-heard" | "silent" | "clock-ahead" | "reader" | "backlog" | "rows-missing";
                    /** @description Readers that are not online, or only just */
                    readers: string[];
                    /** @description By the gateway's clock */
                    since: string | null;
                    /** @description For how long */
                    seconds: number | null;
                } | null;
            }[];
        };
        WorkdayExplanation: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            workdayOn: string;
            /** @description The day as it was told last; null = none was */
            stored: {
                revision: number;
                /** @description Whether it says what facts and rules come to now */
                isSame: boolean;
            } | null;
            /** @description Computed now, from the facts and rules below */
            day: components["schemas"]["Workday"];
            rules: {
                /** @description Since when; null = always */
                from: string | null;
                /** @description Policy groups they are made of, the later over the earlier */
                groups: string[];
                /** @description What of the assigned groups had to be left out, and why; null = nothing */
                problem: string | null;
            };
            /** @description What each rule made of the day, in the order they are applied */
            applied: {
                rule: string;
                made: string;
                seconds: number | null;
            }[];
            /** @description What payroll gets, by code and rate */
            totals: {
                code: string;
                what: string;
                rate: string;
                seconds: number;
            }[];
            /** @description Everything known that bears on the day */
            facts: {
                id: string;
                kind: string;
                /** @description For people, on the clock of the day */
                text: string;
                /** @description Instants are UTC milliseconds */
                fact: {
                    [key: string]: unknown;
                };
            }[];
            /** @description The whole story as `clockleaf worktime explain` prints it */
            text: string;
        };
        PolicyGroupSummary: {
            name: string;
            /** @enum {string} */
            kind: "group" | "preset";
            description: string;
            /** @description As they are laid over each other, the lowest first */
            extends: string[];
            /** @description Sections of the rules that it speaks of itself */
            sections: string[];
        };
        PolicyGroup: {
            name: string;
            /** @enum {string} */
            kind: "group" | "preset";
            description: string;
            /** @description As they are laid over each other, the lowest first */
            extends: string[];
            /** @description Sections of the rules that it speaks of itself */
            sections: string[];
            /** @description Of a preset: where its figures come from */
            sources: string[];
            /** @description What it says itself, as in the configuration */
            written: {
                [key: string]: unknown;
            };
            /** @description What holds where it alone is used; lengths of time in seconds */
            rules: {
                [key: string]: unknown;
            };
        };
        RuleAssignment: {
            /** @description Place in the book, from 0 */
            index: number;
            to: "everyone" | {
                /** @description All who belong to this site */
                site: string;
            } | {
                /** @description All in this group of people */
                group: string;
            } | {
                /** @description One person, by id */
                person: string;
            };
            /**
             * @description The later lies over the earlier
             * @enum {string}
             */
            level: "everyone" | "site" | "group" | "person";
            use: string[];
            /** Format: date */
            from: string;
            /** @description Last date, included; null = for good */
            until: string | null;
        };
        /** @description What a policy group plans, with all it extends */
        Schedule: {
            group: string;
            zone: string;
            templates: {
                [key: string]: unknown;
            }[];
            rotas: {
                [key: string]: unknown;
            }[];
            holidays: {
                [key: string]: unknown;
            }[];
        };
        PersonRules: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            on: string;
            inForce: {
                /** @description Since when; null = always */
                from: string | null;
                /** @description Policy groups they are made of, the later over the earlier */
                groups: string[];
                /** @description What of the assigned groups had to be left out, and why; null = nothing */
                problem: string | null;
            };
            /** @description Last date before other rules; null = none are known */
            until: string | null;
            /** @description By what rules are assigned: sites, department, kind of contract, on that day */
            belongs: {
                sites: string[];
                groups: string[];
            };
            /** @description Why: those that hold, the weaker first */
            assignments: components["schemas"]["RuleAssignment"][];
            /** @description All of them; lengths of time in seconds */
            rules: {
                [key: string]: unknown;
            };
        };
        PersonSchedule: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            days: {
                /** Format: date */
                on: string;
                holiday: string | null;
                shifts: components["schemas"]["PlannedShift"][];
                /** @description Shifts that the holiday cancels, by name */
                freed: string[];
            }[];
        };
        PlannedShift: {
            planId: string;
            /** Format: date */
            on: string;
            name: string;
            /** @enum {string} */
            kind: "fixed" | "flexible" | "open";
            isRostered: boolean;
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            zone: string;
            /** @description Working time due */
            seconds: number;
            site: string | null;
            breaks: {
                /** @enum {string} */
                kind: "lunch" | "break";
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                to: string;
                isPaid: boolean;
            }[];
        };
        RuleBookCheck: {
            isValid: boolean;
            groups: number;
            assignments: number;
            errors: {
                /** @description JSON Pointer into the rule book, as a URI fragment */
                pointer: string;
                detail: string;
                code: string;
            }[];
        };
        RulesPreview: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            /** @description How many days are others under the book */
            changed: number;
            /** @description Under the rules in force */
            before: {
                workedSeconds: number;
                breakSeconds: number;
                paidSeconds: number;
            };
            after: {
                workedSeconds: number;
                breakSeconds: number;
                paidSeconds: number;
            };
            days: {
                /** Format: date */
                workdayOn: string;
                isSame: boolean;
                /** @description Null: nothing is on the day */
                before: components["schemas"]["Workday"] | null;
                after: components["schemas"]["Workday"] | null;
            }[];
        };
        LeaveCalendar: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            zone: string;
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            holidays: components["schemas"]["SiteHoliday"][];
            absences: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** Format: date */
                fromOn: string;
                /**
                 * Format: date
                 * @description Last day that counts
                 */
                toOn: string;
                secondsADay: number | null;
                /** @description Null where the caller may not know the reason */
                code: string | null;
            }[];
            /** @description False = there is more than fits; ask for fewer days */
            isComplete: boolean;
        };
        SiteHoliday: {
            /** Format: date */
            on: string;
            name: string;
            /**
             * @description By the law of the region, or by the configuration
             * @enum {string}
             */
            kind: "public" | "own";
        };
        SiteHolidays: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            year: number;
            zone: string;
            holidays: components["schemas"]["SiteHoliday"][];
        };
        LeaveAccount: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            openedOn: string;
            zone: string;
            accounts: {
                policy: string;
                /** @description What a day is */
                dayMinutes: number;
                /** @description Sum of all lines, also of those that lie ahead */
                balanceMinutes: number;
                /** @description Sum of the lines up to today */
                balanceTodayMinutes: number;
                /** @description What waits for approval; not taken off yet */
                requestedMinutes: number;
                /** @description By date, then in the order of posting */
                ledger: {
                    entryId: string;
                    /** @enum {string} */
                    kind: "opening" | "accrual" | "carry-over" | "expiry" | "taken" | "returned" | "adjustment" | "payout";
                    /** @description Minutes */
                    minutes: number;
                    /**
                     * Format: date
                     * @description The date it counts from
                     */
                    on: string;
                    leaveId: string | null;
                    reason: string;
                    /** @description Sum up to and with this line */
                    balanceMinutes: number;
                }[];
            }[];
            /** @description Changes with every line and leave; the ETag, too */
            version: number;
        };
        Leave: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            leaveId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** @description Absence code of the rules */
            code: string;
            /** @description The account it takes from; null = none */
            policy: string | null;
            /** Format: date */
            fromOn: string;
            /**
             * Format: date
             * @description Last day as asked for, included
             */
            toOn: string;
            /** @description Last day that counts; null = none does */
            lastOn: string | null;
            /** @description Null = whole days */
            secondsADay: number | null;
            workingDays: number;
            /** @description What it takes from the account; cut short, some was returned */
            minutes: number;
            /** @enum {string} */
            status: "requested" | "approved" | "rejected" | "cancelled";
            hasBegun: boolean;
            hasFinished: boolean;
            requestedBy: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            requestedAt: string;
            /** @description When it was asked for */
            departmentId: string | null;
            /** @description When it was asked for */
            managerId: string | null;
            decidedBy: string | null;
            decidedAt: string | null;
            /** @description Why it was rejected or cancelled */
            reason: string | null;
            /** @description What was said with the request; only for one leave alone */
            note?: string;
            /** @description Rules that it breaks and that do not refuse; only in the answer to the request */
            warnings?: string[];
            /** @description Changes with every change; the ETag, too */
            version: number;
        };
        /** @description What a request would come to; nothing was stored */
        LeavePreview: {
            code: string;
            policy: string | null;
            /** Format: date */
            fromOn: string;
            /** Format: date */
            toOn: string;
            /** @description Days it would take, and how much */
            workingDays: {
                /** Format: date */
                on: string;
                /** @description Minutes */
                minutes: number;
            }[];
            /** @description What it would take from the account */
            minutes: number;
            /** @description Posted up to the day before; null without account */
            balanceMinutes: number | null;
            /** @description The lowest from the first day on, with it and all that is booked and earned */
            lowestBalance: {
                /** Format: date */
                on: string;
                /** @description Minutes */
                minutes: number;
            } | null;
            refusal: {
                code: string;
                message: string;
            } | null;
            warnings: string[];
        };
        ApprovalRequest: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            requestId: string;
            about: {
                /** @constant */
                kind: "overtime";
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** Format: date */
                workdayOn: string;
                policy: string;
                /** @description The decision is about exactly these */
                seconds: number;
            } | {
                /** @constant */
                kind: "leave";
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                leaveId: string;
            } | {
                /** @constant */
                kind: "correction";
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                correctionRequestId: string;
                employeeIds: string[];
            } | {
                /** @constant */
                kind: "pay-run";
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                runId: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                periodId: string;
            };
            summary: string;
            requestedBy: string;
            /** @enum {string} */
            status: "pending" | "approved" | "rejected" | "withdrawn";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            openedAt: string;
            /** @description Index of the step that is or was decided last */
            step: number;
            steps: {
                /** @description Any one of them decides; escalated ones included */
                approvers: ({
                    /** @constant */
                    kind: "employee";
                    /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                    employeeId: string;
                } | {
                    /** @constant */
                    kind: "role";
                    /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                    role: string;
                })[];
                /** @description When it is escalated; null = never, or it was */
                dueAt: string | null;
                isEscalated: boolean;
                decision: {
                    /** @enum {string} */
                    decision: "approved" | "rejected";
                    by: string;
                    onBehalfOf: string | null;
                    note: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    at: string;
                } | null;
            }[];
            ended: {
                by: string;
                note: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
            } | null;
            version: number;
        };
        Delegation: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            delegateId: string;
            kinds: ("overtime" | "leave" | "correction" | "pay-run")[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            from: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            until: string;
            by: string;
            /** @description Of all delegations of `employeeId`; for `If-Match` */
            version: number;
        };
        /** @description One message to one recipient over one channel */
        Notification: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            notificationId: string;
            employeeId: string | null;
            /** @description Webhook or contact of the configuration */
            target: string | null;
            /** @enum {string} */
            channel: "email" | "sms" | "webhook" | "in-app";
            template: string;
            locale: string;
            values: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "waiting" | "claimed" | "sent" | "will-retry" | "gave-up" | "uncertain" | "suppressed";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            requestedAt: string;
            resentBy: string | null;
            retryAt: string | null;
            /** @description What the receiving side called it */
            providerId: string | null;
            attempts: {
                attempt: number;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                outcome: string;
                reason: string;
            }[];
            version: number;
        };
        ShownNotification: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            notificationId: string;
            template: string;
            subject: string;
            text: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            at: string;
            isRead: boolean;
        };
        NotificationPreferences: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            locale: string | null;
            /** @description By kind of message; kinds left out go where they usually go */
            channels: {
                [key: string]: ("email" | "sms" | "webhook" | "in-app")[];
            };
            version: number;
        };
        NotificationKind: {
            /** @enum {string} */
            kind: "welcome" | "overtime-to-approve" | "leave-to-approve" | "correction-to-approve" | "pay-run-to-approve" | "escalation" | "overtime-decided" | "leave-decided" | "correction-decided" | "pay-estimated" | "payslip-ready" | "payment-sent" | "gateway-alarm" | "dead-letters" | "delivery-uncertain" | "webhook-disabled";
            /** @description Where nobody chose otherwise */
            channels: ("email" | "sms" | "webhook" | "in-app")[];
            /** @description At least one channel stays */
            isMandatory: boolean;
            /** @description What its template may use */
            values: string[];
            /** @description Built-in languages */
            locales: string[];
        };
        PayAccount: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            payGroup: string;
            /** @description ISO 4217 */
            currency: string;
            /** @enum {string} */
            basis: "salaried" | "hourly";
            /** @description Salaried: a month; hourly: an hour. Null = not known yet, which blocks a run */
            rateMinor: number | null;
            /** @description Name of a tax table of the configuration */
            taxTable: string | null;
            taxId: string | null;
            bank: {
                holder: string;
                /** @description For SEPA */
                iban: string | null;
                bic: string | null;
                /** @description ABA routing number, for NACHA */
                routing: string | null;
                account: string | null;
            } | null;
            components: {
                name: string;
                amountMinor: number | null;
            }[];
            /**
             * Format: date
             * @description Holds from this civil date; a later one replaces it from then on
             */
            fromOn: string;
            /** @description Changes with every change; the ETag, too */
            version: number;
        };
        PayRun: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            runId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            periodId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            payGroup: string;
            /** Format: date */
            fromOn: string;
            /** Format: date */
            toOn: string;
            /** Format: date */
            payOn: string;
            currency: string;
            /** @enum {string} */
            status: "open" | "submitted" | "approved" | "locked";
            /** @description Null = the whole pay group */
            people: string[] | null;
            openedBy: string;
            /** @description How often a calculation was asked for */
            calculation: number;
            calculatedBy: string | null;
            submittedBy: string | null;
            overridden: {
                kind: string;
                reason: string;
            }[];
            decidedBy: string | null;
            /** @description Why it was sent back; null = it was not */
            rejection: string | null;
            version: number;
        };
        PayRunDetails: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            runId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            periodId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            payGroup: string;
            /** Format: date */
            fromOn: string;
            /** Format: date */
            toOn: string;
            /** Format: date */
            payOn: string;
            currency: string;
            /** @enum {string} */
            status: "open" | "submitted" | "approved" | "locked";
            /** @description Null = the whole pay group */
            people: string[] | null;
            openedBy: string;
            /** @description How often a calculation was asked for */
            calculation: number;
            calculatedBy: string | null;
            submittedBy: string | null;
            overridden: {
                kind: string;
                reason: string;
            }[];
            decidedBy: string | null;
            /** @description Why it was sent back; null = it was not */
            rejection: string | null;
            version: number;
            progress: {
                done: number;
                total: number;
            } | null;
            /** @description People with a result */
            calculated: number;
            /** @description Decimal, major units of the currency */
            gross: string;
            /** @description Decimal, major units of the currency */
            net: string;
            /** @description Decimal, major units of the currency */
            employerCost: string;
            /** @description What holds it up, 500 at most */
            blockers: components["schemas"]["PayRunBlocker"][];
            blockersTotal: number;
        };
        PayRunBlocker: {
            kind: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            workdayOn: string | null;
            detail: string;
            /** @description Whether it can be let pass with a reason */
            mayPass: boolean;
        };
        PayResult: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            revision: number;
            /** @description Decimal, major units of the currency */
            gross: string;
            /** @description Decimal, major units of the currency */
            taxable: string;
            /** @description Decimal, major units of the currency */
            tax: string;
            /** @description Decimal, major units of the currency */
            net: string;
            /** @description Decimal, major units of the currency */
            employerCost: string;
            currency: string;
            /** @description Each with the days, accounts and tables it comes from */
            lines: {
                code: string;
                label: string;
                /** @enum {string} */
                kind: "earning" | "allowance" | "deduction" | "tax" | "employer-cost" | "adjustment";
                seconds: number | null;
                /** @description Decimal, major units an hour or a share */
                rate: string | null;
                /** @description What it adds to net pay, negative for deductions; employer cost adds nothing */
                amountMinor: number;
                sources: {
                    /** @enum {string} */
                    kind: "workday" | "account" | "adjustment" | "table" | "leave";
                    id: string;
                    revision: number | null;
                }[];
            }[];
            days: {
                /** Format: date */
                workdayOn: string;
                /** @description Of the workday it was read from */
                revision: number;
                entries: {
                    code: string;
                    /** @enum {string} */
                    kind: "regular" | "overtime" | "premium" | "occurrence" | "paid-leave" | "unpaid" | "undertime";
                    /** @description Of an occurrence: how many there were */
                    seconds: number;
                    /** @description Decimal share of the hourly rate that each second earns */
                    factor: string;
                }[];
            }[];
            payslip: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                documentId: string;
                sha256: string;
            } | null;
            payment: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                documentId: string;
                reference: string;
            } | null;
        };
        Payslip: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            runId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            fromOn: string;
            /** Format: date */
            toOn: string;
            /** Format: date */
            payOn: string;
            /** @description Decimal, major units of the currency */
            net: string;
            currency: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            documentId: string;
            sha256: string;
        };
        /** @description What somebody earns in a period by what is known now */
        Salary: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            periodId: string;
            /** Format: date */
            fromOn: string;
            /** Format: date */
            toOn: string;
            currency: string;
            /** @description Decimal, major units of the currency */
            gross: string;
            /** @description Decimal, major units of the currency */
            taxable: string;
            /** @description Decimal, major units of the currency */
            tax: string;
            /** @description Decimal, major units of the currency */
            net: string;
            /** @description Decimal, major units of the currency */
            employerCost: string;
            lines: {
                code: string;
                label: string;
                /** @enum {string} */
                kind: "earning" | "allowance" | "deduction" | "tax" | "employer-cost" | "adjustment";
                seconds: number | null;
                /** @description Decimal, major units an hour or a share */
                rate: string | null;
                sources: {
                    /** @enum {string} */
                    kind: "workday" | "account" | "adjustment" | "table" | "leave";
                    id: string;
                    revision: number | null;
                }[];
                /** @description Decimal, major units of the currency */
                amount: string;
            }[];
            blockers: components["schemas"]["PayRunBlocker"][];
        };
        PayslipExplanation: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            runId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** Format: date */
            fromOn: string;
            /** Format: date */
            toOn: string;
            /** Format: date */
            payOn: string;
            currency: string;
            /** @description Of the result */
            revision: number;
            /** @description Decimal, major units of the currency */
            gross: string;
            /** @description Decimal, major units of the currency */
            taxable: string;
            /** @description Decimal, major units of the currency */
            tax: string;
            /** @description Decimal, major units of the currency */
            net: string;
            /** @description Decimal, major units of the currency */
            employerCost: string;
            lines: {
                code: string;
                label: string;
                kind: string;
                seconds: number | null;
                rate: string | null;
                /** @description Decimal, major units of the currency */
                amount: string;
                workdays: {
                    /** Format: date */
                    workdayOn: string;
                    /** @description Of the day as it was paid */
                    revision: number | null;
                    /** @description Of the day today; a higher one has become an adjustment, or will */
                    revisionNow: number | null;
                    /** @description What the day gave under the line's code */
                    entries: {
                        code: string;
                        /** @enum {string} */
                        kind: "regular" | "overtime" | "premium" | "occurrence" | "paid-leave" | "unpaid" | "undertime";
                        /** @description Of an occurrence: how many there were */
                        seconds: number;
                        /** @description Decimal share of the hourly rate that each second earns */
                        factor: string;
                    }[];
                    /** @description Path that explains the day as it is now */
                    explain: string;
                    /** @description Path of everything the day has ever said */
                    revisions: string;
                }[];
                accounts: {
                    version: number;
                    /** Format: date */
                    fromOn: string;
                    /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                    payGroup: string;
                    /** @enum {string} */
                    basis: "salaried" | "hourly";
                    /** @description Salaried: a month; hourly: an hour */
                    rate: string | null;
                    taxTable: string | null;
                    components: {
                        name: string;
                        amount: string | null;
                    }[];
                }[];
                tables: {
                    /** @description As the payslip names it */
                    id: string;
                    /** @description False: the configuration has no such table any more */
                    isConfigured: boolean;
                    basis: ("annualised" | "period") | null;
                    /** @description Untaxed */
                    allowance: string | null;
                    brackets: {
                        upTo: string | null;
                        percent: string;
                    }[];
                    /** @description What it was applied to */
                    taxable: string;
                    /** @description What the table as configured today takes of that; another figure = it was changed */
                    taxNow: string | null;
                }[];
                adjustments: {
                    /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                    adjustmentId: string;
                    /** Format: date */
                    workdayOn: string;
                    revision: number | null;
                    lockedPeriodId: string | null;
                    reason: string | null;
                }[];
                leave: {
                    entryId: string;
                    minutes: number | null;
                }[];
            }[];
        };
        PayAdjustment: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            employeeId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            adjustmentId: string;
            /** @description Pay group and period, such as monthly-2026-11 */
            lockedPeriodId: string;
            /** Format: date */
            workdayOn: string;
            /** @description Of the workday now */
            revision: number;
            lines: {
                code: string;
                label: string;
                /** @enum {string} */
                kind: "earning" | "allowance" | "deduction" | "tax" | "employer-cost" | "adjustment";
                seconds: number | null;
                /** @description Decimal, major units an hour or a share */
                rate: string | null;
                /** @description What it adds to net pay, negative for deductions; employer cost adds nothing */
                amountMinor: number;
                sources: {
                    /** @enum {string} */
                    kind: "workday" | "account" | "adjustment" | "table" | "leave";
                    id: string;
                    revision: number | null;
                }[];
            }[];
            /** @description Minor units of the currency */
            amountMinor: number;
            /** @description ISO 4217 */
            currency: string;
            reason: string;
            /** @description The day as it is now: once this was paid, what later changes are measured against */
            entries?: {
                code: string;
                /** @enum {string} */
                kind: "regular" | "overtime" | "premium" | "occurrence" | "paid-leave" | "unpaid" | "undertime";
                /** @description Of an occurrence: how many there were */
                seconds: number;
                /** @description Decimal share of the hourly rate that each second earns */
                factor: string;
            }[];
        };
        Document: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            documentId: string;
            /** @enum {string} */
            kind: "payslip" | "payment-file" | "payroll-export" | "report" | "attachment";
            /** @description Whose it is; null = of the company */
            employeeId: string | null;
            /** @description File name, without a person's name in it */
            name: string;
            mediaType: string;
            bytes: number;
            /** @description Of the content as people get it */
            sha256: string;
            storedBy: string;
            /**
             * Format: date-time
             * @description When it was stored, ISO 8601, UTC
             */
            at: string;
            /** @description What a worker found in the store, for attachments; null = it has not looked yet */
            check: {
                /**
                 * @description sound = it is, and of the type it was handed in as; other-type = it is, but of another type; damaged = something else is there; missing = nothing is
                 * @enum {string}
                 */
                verdict: "sound" | "other-type" | "damaged" | "missing";
                /** @description Media type by its content; null = there is no content to be believed */
                foundType: string | null;
                /** Format: date-time */
                at: string;
            } | null;
            /** @description The ETag, too */
            version: number;
        };
        Report: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            reportId: string;
            /** @enum {string} */
            report: "monthly-attendance" | "overtime" | "absence" | "payroll-register";
            /** @enum {string} */
            format: "csv" | "xlsx" | "pdf";
            /** Format: date */
            fromOn: string;
            /** Format: date */
            toOn: string;
            filters: {
                site: string | null;
                departmentId: string | null;
                employeeId: string | null;
            };
            requestedBy: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            requestedAt: string;
            /** @enum {string} */
            status: "requested" | "completed" | "failed";
            /** @description How far it is */
            percent: number;
            /** @description Where its content is: `/documents/{documentId}/content` */
            document: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                documentId: string;
                name: string;
                mediaType: string;
                bytes: number;
                sha256: string;
            } | null;
            rows: number | null;
            asOf: {
                stream: string;
                seq: number;
            }[] | null;
            endedAt: string | null;
            /** @description Why it failed */
            failure: {
                code: string;
                reason: string;
            } | null;
        };
        ArrivalWindow: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            windowFrom: string;
            /**
             * Format: date-time
             * @description Excluded
             */
            windowTo: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            /** @description Check-ins that stand now, by the instant they count at */
            arrivals: number;
        };
        WeekOfOvertime: {
            /** @description ISO 8601, such as 2026-W03 */
            week: string;
            /**
             * Format: date
             * @description Its Monday
             */
            fromOn: string;
            /**
             * Format: date
             * @description Its Sunday
             */
            toOn: string;
            /** @description As of each day; null = not known */
            departmentId: string | null;
            /** @description Of the five below */
            totalSeconds: number;
            /** @description Of rules that need nobody's word */
            notNeededSeconds: number;
            pendingSeconds: number;
            approvedSeconds: number;
            rejectedSeconds: number;
            /** @description Decided once, but the day has changed since */
            lapsedSeconds: number;
        };
        LateRate: {
            /** Format: date */
            on: string;
            /** @description The site or department; null = not known */
            key: string | null;
            /** @description People planned to work and not on leave, whether or not they came */
            due: number;
            /** @description Of them, who came later than the rules tolerate */
            late: number;
            /** @description Of them, who did not come */
            absent: number;
            /** @description Of them, whose day may still change by itself */
            provisional: number;
            /** @description late / due */
            lateRate: number;
        };
        Webhook: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            webhookId: string;
            url: string;
            types: string[];
            sites: string[] | null;
            description: string;
            /** @enum {string} */
            status: "enabled" | "disabled";
            /** @description gone = it answered 410; failing = it took nothing for days; asked = somebody did */
            disabledBecause: ("gone" | "failing" | "asked") | null;
            disabledAt: string | null;
            /** @description Since when it has taken nothing; null = it does */
            failingSince: string | null;
            /** @description Until then what goes out is signed with the former secret, too */
            previousSecretUntil: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            createdBy: string | null;
            /** @description The ETag, too */
            version: number;
        };
        WebhookWithSecret: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            webhookId: string;
            url: string;
            types: string[];
            sites: string[] | null;
            description: string;
            /** @enum {string} */
            status: "enabled" | "disabled";
            /** @description gone = it answered 410; failing = it took nothing for days; asked = somebody did */
            disabledBecause: ("gone" | "failing" | "asked") | null;
            disabledAt: string | null;
            /** @description Since when it has taken nothing; null = it does */
            failingSince: string | null;
            /** @description Until then what goes out is signed with the former secret, too */
            previousSecretUntil: string | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            createdBy: string | null;
            /** @description The ETag, too */
            version: number;
            /** @description `whsec_…`: shown this once, keep it */
            secret: string;
        };
        WebhookDelivery: {
            /** @description The `webhook-id` that the endpoint sees */
            deliveryId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            webhookId: string;
            type: string;
            /** @description Null = a test */
            eventId: string | null;
            /** @enum {string} */
            status: "pending" | "delivered" | "failed";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            nextAttemptAt: string | null;
            attempts: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                durationMs: number;
                /** @description Of HTTP; null = there was no answer */
                status: number | null;
                error: ("http-status" | "timeout" | "connection" | "dns" | "tls" | "address-refused" | "body-too-large" | "event-gone" | "secret-gone") | null;
            }[];
        };
        AuditEntry: {
            /** @description Number in the log, without gaps */
            entry: number;
            /** Format: uuid */
            eventId: string;
            eventType: string;
            stream: string;
            streamSeq: number;
            subject: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            aggregateId: string;
            /**
             * Format: date-time
             * @description When the event was decided, ISO 8601, UTC
             */
            at: string;
            source: string;
            correlationId: string | null;
            causationId: string | null;
            /** @description SHA-256 of the event's message body as stored */
            bytesHash: string;
            /** @description Who asked for it by name; absent for what followed from something else */
            actor?: string;
            /** @description `hash` of the entry before; 64 zeros for the first */
            previousHash: string;
            hash: string;
            /** @description The same in UTC milliseconds, as `hash` covers it */
            atMs: number;
        };
        /** @description What one event changed. Hashes of keys and PINs are never in it: what stands in their place says which event set them */
        AuditChange: {
            entry: number;
            /**
             * Format: date-time
             * @description When the event was decided, ISO 8601, UTC
             */
            at: string;
            /** @description Who asked for it by name; null for what followed from something else */
            actor: string | null;
            eventType: string;
            /** Format: uuid */
            eventId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            aggregateId: string;
            /** @description What that is, such as person, pay-run or badge */
            aggregateKind: string;
            /** @description The event's own data, such as the reason that was given */
            says: unknown;
            /** @description The state right before the event; null = there was none, or the event stands alone */
            before: unknown;
            /** @description The state right after it; of an event that stands alone, its data */
            after: unknown;
            /** @description All that tells `before` and `after` apart */
            changes: {
                /** @description JSON Pointer (RFC 6901) into `before` and `after` */
                pointer: string;
                /** @description Null also where there was nothing */
                before: unknown;
                /** @description Null also where nothing is left */
                after: unknown;
            }[];
            /** @description True: the person was erased since, and what was personal stands here as an erasure leaves it */
            isErased: boolean;
        };
        /** @description Keep one: that a later log still begins with it can be proved */
        AuditHead: {
            /** @description Entries in the log */
            size: number;
            /** @description Root of the Merkle tree (RFC 9162) over the entries' `hash`es */
            rootHash: string;
            /** @description When the newest entry's event was decided */
            newestAt: string | null;
            /** @description Messages in the log that do not continue it: not 0 = `audit verify` says which */
            strangers: number;
        };
        /** @description RFC 9162, 2.1.3 */
        AuditInclusionProof: {
            entry: number;
            leafIndex: number;
            size: number;
            /** @description SHA-256 of 0x00 and the entry's `hash` */
            leafHash: string;
            /** @description From the leaf's sibling up to the root's child */
            path: string[];
            rootHash: string;
        };
        /** @description RFC 9162, 2.1.4 */
        AuditConsistencyProof: {
            first: number;
            second: number;
            firstRootHash: string;
            secondRootHash: string;
            path: string[];
        };
        User: {
            userId: string;
            displayName: string | null;
            /** @description Of the login; null also once the person was erased */
            email: string | null;
            issuer: string | null;
            /** @description Null: nobody has logged in to it yet */
            subject: string | null;
            employeeId: string | null;
            grants: components["schemas"]["Grant"][];
            /** @enum {string} */
            status: "active" | "disabled" | "erased";
            /** @description The ETag, too */
            version: number;
        };
        Me: {
            /** @description What stands in `by` and `requestedBy` of what the caller does */
            name: string;
            displayName: string | null;
            employeeId: string | null;
            scopes: string[];
            grants: components["schemas"]["Grant"][];
            permissions: {
                [key: string]: components["schemas"]["Reach"];
            };
        };
        Reach: {
            /** @enum {string} */
            kind: "all" | "some";
            sites?: string[];
            departments?: string[];
            /** @description What is about the caller */
            self?: boolean;
            /** @description People whose manager the caller is */
            reports?: boolean;
        };
        /** @description An API key; the key itself was shown once */
        ApiKey: {
            keyId: string;
            name: string;
            scopes: ("read" | "write" | "admin")[];
            grants: components["schemas"]["Grant"][];
            /** @description The person it acts for */
            employeeId: string | null;
            /** Format: date-time */
            createdAt: string;
            expiresAt: string | null;
            /** @description To about five minutes */
            lastUsedAt: string | null;
            revokedAt: string | null;
            /** @description The ETag, too */
            version: number;
        };
        ShownApiKey: {
            /** @description Shown this once */
            key: string;
            apiKey: components["schemas"]["ApiKey"];
        };
        Operation: {
            /** @description What runs and its id, as `Location` of the 202 named it */
            operationId: string;
            kind: string;
            /** @enum {string} */
            status: "running" | "succeeded" | "failed";
            /** @description How far it is; 1 once it has ended */
            progress: number;
            /** @description What `progress` was made of, where things are counted */
            counts: {
                done: number;
                of: number;
            } | null;
            /** @description Where what it made is */
            result: string | null;
            /** @description Why it failed */
            error: components["schemas"]["Problem"] | null;
        };
        BatchAnswer: {
            succeeded: number;
            failed: number;
            results: components["schemas"]["BatchResult"][];
        };
        BatchResult: {
            /** @description Of the item in the request */
            index: number;
            /** @description What the item's own request would have been answered with */
            status: number;
            id: string | null;
            /** @description For `ifMatch` of the next change */
            version: number | null;
            problem: components["schemas"]["Problem"] | null;
        };
        DeadLetter: {
            /** @description Its sequence among the dead letters: names it */
            letter: number;
            /** @description Durable name of the consumer that gave up */
            consumer: string;
            /** @description Where the message stands that it is a copy of */
            stream: string;
            seq: number;
            subject: string;
            code: string;
            reason: string;
            ageSeconds: number;
        };
        DeadLetterShown: {
            /** @description Its sequence among the dead letters: names it */
            letter: number;
            /** @description Durable name of the consumer that gave up */
            consumer: string;
            /** @description Where the message stands that it is a copy of */
            stream: string;
            seq: number;
            subject: string;
            code: string;
            reason: string;
            ageSeconds: number;
            headers: {
                [key: string]: string;
            };
            /** @description Without what is personal: that is sealed, or replaced as an erasure would */
            body: {
                [key: string]: unknown;
            };
        };
        DeadLetterRetryResult: {
            isAllDone: boolean;
            items: components["schemas"]["DeadLetterRetried"][];
        };
        DeadLetterRetried: {
            letter: number;
            /**
             * @description `done`: handled and gone; `failed`: refused again, with `code`; `nobody`: no process runs its consumer; `unknown`: no answer in time, it may still be done; `not-tried`: the request had no time left
             * @enum {string}
             */
            outcome: "done" | "failed" | "nobody" | "unknown" | "not-tried" | "not-found";
            code: string | null;
            reason: string | null;
        };
        BridgeFeed: {
            destination: string;
            feed: string;
            stream: string;
            /** @enum {string} */
            state: "starting" | "running" | "waiting" | "halted" | "stopped" | "silent";
            /** @description False where a person must look: `halted` or `silent` */
            isWell: boolean;
            /** @description Stream sequence up to which the destination has everything */
            position: number;
            /** @description Events stored, not at the destination yet */
            lag: number;
            recordsTotal: number;
            batchesTotal: number;
            /** @description Of the last batch */
            batchRecords: number;
            batchMs: number;
            restartsTotal: number;
            fencedTotal: number;
            deadLettersTotal: number;
            error: {
                code: string;
                message: string;
            } | null;
            /** Format: date-time */
            postedAt: string;
        };
        Stream: {
            name: string;
            /** @enum {string} */
            kind: "clock" | "events" | "queue" | "dead-letters" | "bucket" | "objects";
            subjects: string[];
            messages: number;
            bytes: number;
            /** @description Room reserved; what is full refuses, and never forgets the oldest */
            maxBytes: number;
            firstSeq: number;
            firstAt: string | null;
            lastSeq: number;
            lastAt: string | null;
            replicas: number;
            /** @description Null: it has none, and takes nothing just now */
            leader: string | null;
            /** @description The other copies */
            peers: {
                server: string;
                isCurrent: boolean;
                isOffline: boolean;
                /** @description Operations it is behind the leader */
                lag: number;
            }[];
            /** @description It has a leader, and every copy is there and current */
            isHealthy: boolean;
            consumers: {
                name: string;
                /** @description False: a projection or a live page that reads along */
                isDurable: boolean;
                filterSubjects: string[];
                /** @description Messages stored that it has not been given yet */
                pending: number;
                /** @description Given, and not dealt with yet */
                ackPending: number;
                /** @description Of those: given more than once */
                redelivered: number;
                /** @description `pending` and `ackPending` together */
                lag: number;
                deliveredSeq: number;
                /** @description Everything up to here is dealt with */
                ackedSeq: number;
                lastDeliveredAt: string | null;
            }[];
        };
        ReadModel: {
            name: string;
            /** @description Folder of the process that keeps these rows; empty where there is only one */
            process: string;
            /** @description Of the program that made the rows */
            version: number;
            /** @description Stream sequence applied last */
            position: number;
            /** @description Events stored, not applied yet; null where another process applies them */
            behind: number | null;
            /** @description New rows being built beside those that answer */
            building: {
                position: number;
                /** @description Events to go; null where not known here */
                pending: number | null;
            } | null;
            /** @description Somebody asked, and it is not done yet */
            isRebuildWanted: boolean;
            /** @description Events passed over as unreadable */
            faults: number;
            /** @description Null where another process applies the events */
            isRunning: boolean | null;
            lastErrorCode: string | null;
        };
        ReadModelRebuild: {
            items: components["schemas"]["ReadModel"][];
        };
        Leases: {
            /** @description Which process does what, by session */
            processes: {
                /** @description Name of the process and a few letters that are new with each start */
                session: string;
                /** @description False: it is stopping, and still holds something */
                isMember: boolean;
                holds: string[];
            }[];
            /** @description Given back a moment ago, not taken yet */
            free: string[];
            /** @description Work that nobody has done for ten seconds; null where this process shares none and cannot tell */
            orphans: string[] | null;
        };
        Site: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            /** @description IANA time zone: of its gateways or, without any, of the calendar */
            zone: string;
            calendar: {
                /** @description False: it has the calendar of all sites without their own */
                isNamed: boolean;
                /** @description In which leave begins and ends */
                zone: string;
                country: string | null;
                state: string | null;
                workdays: string[];
                /** @description Days off besides the public holidays */
                ownHolidays: number;
            };
            gateways: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                gateway: string;
                name: string;
                /** @enum {string} */
                status: "active" | "revoked";
                isOnline: boolean;
                lastSeenAt: string | null;
                /** @description Journal rows the hub has not acknowledged yet */
                backlogRows: number | null;
            }[];
            /** @description Who may be due to work there */
            people: number;
            /** @description Watermark: everything recorded there before has arrived; null = never told */
            completeTo: string | null;
            behindSeconds: number | null;
        };
        Muster: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            /**
             * Format: date-time
             * @description By the cloud's clock
             */
            at: string;
            certainty: {
                /** @description Every gateway of the site is heard and has told everything */
                isCertain: boolean;
                notKnownSince: string | null;
                because: {
                    /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                    gateway: string;
                    why: string;
                    readers: string[];
                    since: string | null;
                }[];
                /** @description For people */
                note: string;
            };
            /** @description Of everybody, whatever the page */
            counts: {
                in: number;
                break: number;
                elsewhere: number;
                "on-leave": number;
                out: number;
                "never-seen": number;
            };
            /** @description By name */
            items: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description The id for who was erased */
                name: string;
                departmentId: string | null;
                /**
                 * @description `elsewhere`: in or on a break at another site; `never-seen`: has never punched
                 * @enum {string}
                 */
                state: "in" | "break" | "elsewhere" | "on-leave" | "out" | "never-seen";
                /** @description The latest punch that counts */
                lastSeen: {
                    /** Format: date-time */
                    at: string;
                    secondsAgo: number;
                    /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                    site: string;
                    gateway: string;
                    reader: string;
                    punchId: string;
                } | null;
                isCertain: boolean;
                /** @description From when on it cannot be said where they are; null = it can, or it never could */
                notKnownSince: string | null;
                /** @description In for longer than `longAfterHours`: a punch may be missing */
                isLongAgo: boolean;
                /** @description Approved leave of today, also of who came in all the same */
                leave: {
                    /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                    leaveId: string;
                    code: string;
                    /** Format: date */
                    fromOn: string;
                    /** Format: date */
                    toOn: string;
                } | null;
                /** @description Works elsewhere by the directory, and is here */
                isVisitor: boolean;
            }[];
            next: string | null;
        };
        Gateway: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            gateway: string;
            /** @description Shown to people */
            name: string;
            zone: string;
            /**
             * Format: nkey-user
             * @description Public NKey of the gateway, U…; its last characters are a checksum
             */
            publicKey: string;
            /** @enum {string} */
            status: "active" | "revoked";
            /** Format: date-time */
            registeredAt: string;
            revokedAt: string | null;
            /** @description Heard within the last 30 s */
            isOnline: boolean;
            /** @description Watermark: every punch this gateway took before it has reached the hub, as far as the gateway said when last heard */
            completeUntil: string | null;
            /** @description Null until the gateway is heard for the first time */
            live: {
                /**
                 * Format: date-time
                 * @description When the newest heartbeat arrived, by the cloud's clock
                 */
                lastSeenAt: string;
                agentVersion: string;
                /** @description Random name of the gateway's journal */
                epoch: string;
                lastRow: number;
                deliveredRow: number;
                /** @description Journal rows that the hub has not acknowledged yet */
                backlogRows: number;
                /** @description Gateway time of the oldest of them */
                oldestWaitingAt: string | null;
                /** @description Gateway clock minus cloud clock, including the time a heartbeat travels */
                clockOffsetMs: number;
                /** @description How well the gateway knows the time; null = of a release that does not say */
                clock: {
                    /** @description Error of the gateway's clock, ± milliseconds; null = it does not know the time */
                    uncertaintyMs: number | null;
                    /**
                     * @description Whether a time service has set the clock since the gateway booted; unknown = there is none that can be asked
                     * @enum {string}
                     */
                    sync: "synchronised" | "never" | "unknown";
                } | null;
                /** @description Which configuration it runs with: `last-good` is safe mode, somebody has to correct its file; null = of a release that does not say */
                configuration: {
                    /**
                     * @description last-good: safe mode, with what it last started with, for its file cannot be used
                     * @enum {string}
                     */
                    runsWith: "file" | "last-good";
                    /** @description Why the file is not used; null while it is */
                    problem: string | null;
                } | null;
                readers: {
                    /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                    reader: string;
                    /** @enum {string} */
                    state: "starting" | "online" | "offline" | "fault";
                    fault: {
                        code: string;
                        message: string;
                    } | null;
                    clock?: {
                        /** @description How far the terminal's own clock is ahead of the site's time, milliseconds */
                        offsetMs: number;
                        /** @description How wrong that may be, ± milliseconds */
                        withinMs: number;
                    };
                }[];
            } | null;
        };
        Reader: {
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            reader: string;
            /** @enum {string} */
            state: "starting" | "online" | "offline" | "fault";
            fault: {
                code: string;
                message: string;
            } | null;
            /** @description False: the gateway has been silent, this is what it said last */
            isKnownNow: boolean;
            /**
             * Format: date-time
             * @description When it said so, by the cloud's clock
             */
            saidAt: string;
        };
        GatewayCommandAnswer: {
            /** @description In the logs of the cloud and of the gateway */
            commandId: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            site: string;
            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
            gateway: string;
            /** @enum {string} */
            verb: "resend" | "locate" | "resync-clock" | "restart-driver";
            reader: string | null;
            by: string;
            /** Format: date-time */
            sentAt: string;
            /** Format: date-time */
            answeredAt: string;
            /** @enum {string} */
            result: "done" | "unknown-reader" | "unsupported" | "reader-offline" | "busy" | "failed" | "malformed" | "accepted" | "wrong-epoch" | "not-kept";
            /** @description For people; empty where the result says it all */
            detail: string;
            /** @description Of `resend`: the first row the journal still holds */
            keptFromRow: number | null;
        };
    };
    responses: {
        /** @description A fault of ours; the trace id leads to the log */
        AFaultOfOurs: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A rule said no, or somebody else changed the same record */
        ARuleSaidNo: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `If-Match` is missing */
        IfMatchIsMissing: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No body, or not JSON */
        NoBody: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No `Idempotency-Key`, or no JSON */
        NoIdempotencyKey: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `audit.read` for the whole company */
        NoPermissionAudit: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `documents.read` or `pay.read` anywhere */
        NoPermissionDocuments: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `fleet.read` anywhere */
        NoPermissionFleet: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `identity.manage` for the whole company */
        NoPermissionIdentity: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `leave.read` anywhere */
        NoPermissionLeave: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `messages.read` anywhere */
        NoPermissionMessages: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `pay.read` for the whole company */
        NoPermissionPay: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `people.read` anywhere */
        NoPermissionPeople: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `platform.manage` for the whole company */
        NoPermissionPlatform: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `quarantine.resolve` anywhere */
        NoPermissionQuarantine: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `reports.request` anywhere */
        NoPermissionReports: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `rules.read` anywhere */
        NoPermissionRules: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No permission `time.read` anywhere */
        NoPermissionTime: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No provider is configured */
        NoProviderIsConfigured: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No such record */
        NoSuchRecord: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No valid API key */
        NoValidAPIKey: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not a key of this cloud, or no session */
        NotAKeyOfThisCloud: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not offered in that form; `detail` lists what is */
        NotOfferedInThatForm: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The address and headers are too large */
        TheAddressAndHeadersAreTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is of a type that is not taken here */
        TheBodyIsOfATypeThatIsNotTakenHere: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large */
        TheBodyIsTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The caller may not do this */
        TheCallerMayNotDoThis: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The event store is out of reach, or too many clients */
        TheEventStoreIsOutOfReach: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The first request with this `Idempotency-Key` is still under way */
        TheFirstRequestWithThisIdempotencyKeyIsStillUnderWay: {
            headers: {
                /** @description Seconds to wait */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The key lacks the scope */
        TheKeyLacksTheScope: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The provider does not answer */
        TheProviderDoesNotAnswer: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The record has changed since it was read */
        TheRecordHasChangedSinceItWasRead: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The request does not fit the schema, or a rule on its content said no */
        TheRequestDoesNotFitTheSchema: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many logins failed */
        TooManyLoginsFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests */
        TooManyRequests: {
            headers: {
                /** @description Seconds to wait */
                "Retry-After"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Whatever is wrong with the request */
        WhateverIsWrongWithTheRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /**
         * @description The `ETag` of the record as it was read; without it, a record that exists is not changed
         * @example "7"
         */
        IfMatch: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    showSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session of the cookie */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: components["responses"]["NotAKeyOfThisCloud"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
        };
    };
    openSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    apiKey: string;
                };
            };
        };
        responses: {
            /** @description Signed in */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NotAKeyOfThisCloud"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyLoginsFailed"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
        };
    };
    closeSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["WhateverIsWrongWithTheRequest"];
        };
    };
    listLoginMethods: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ways */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        apiKey: boolean;
                        provider: boolean;
                    };
                };
            };
            "4XX": components["responses"]["WhateverIsWrongWithTheRequest"];
        };
    };
    beginLogin: {
        parameters: {
            query?: {
                /** @description A path of this API */
                returnTo?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NoProviderIsConfigured"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            503: components["responses"]["TheProviderDoesNotAnswer"];
        };
    };
    finishLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed in; to where the login began */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not the answer to a login of this browser */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The login has no account here */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoProviderIsConfigured"];
            429: components["responses"]["TooManyLoginsFailed"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            503: components["responses"]["TheProviderDoesNotAnswer"];
        };
    };
    logOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out here */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Send the browser there; null: nowhere */
                        location: string | null;
                    };
                };
            };
            "4XX": components["responses"]["WhateverIsWrongWithTheRequest"];
        };
    };
    setUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Setup"];
            };
        };
        responses: {
            /** @description The first admin is made */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Shown this once */
                        key: string | null;
                        userId: string | null;
                    };
                };
            };
            400: components["responses"]["NoBody"];
            /** @description Not the setup token, or no more */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["TheCallerMayNotDoThis"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyLoginsFailed"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
        };
    };
    listEmployees: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Words that all occur in name, id or e-mail address */
                search?: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site?: string;
                /** @description Only the punches of active people count; `inactive` = taken off the readers for good */
                status?: "draft" | "active" | "suspended" | "terminated" | "inactive";
                /** @description Only people who are at this just now */
                activity?: "working" | "on-leave" | "probation";
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                department?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
                /** @description Instead of `Accept`. Files go to the end of the filter, whatever `limit` says */
                format?: "json" | "csv" | "xlsx";
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Employee"][];
                        next: string | null;
                    };
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPeople"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    createEmployee: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEmployee"];
            };
        };
        responses: {
            /** @description The very same person was there already */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            /** @description Entered */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listDirectReports: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Employee"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPeople"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showEmployee: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person; the ETag is their version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPeople"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    changeEmployee: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the record as read; without it, 428 */
                "If-Match": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmployeePatch"];
                "application/merge-patch+json": components["schemas"]["EmployeePatch"];
            };
        };
        responses: {
            /** @description Changed, or already so */
            200: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            428: components["responses"]["IfMatchIsMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showOrg: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                department?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["OrgMember"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPeople"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listDepartments: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Department"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPeople"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    activateEmployee: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    suspendEmployee: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmployeeReason"];
            };
        };
        responses: {
            /** @description Done, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    reactivateEmployee: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmployeeReason"];
            };
        };
        responses: {
            /** @description Done, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    terminateEmployee: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Termination"];
            };
        };
        responses: {
            /** @description Done, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    deactivateEmployee: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmployeeReason"];
            };
        };
        responses: {
            /** @description Done, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    startProbation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Probation"];
            };
        };
        responses: {
            /** @description Done, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    completeProbation: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    eraseEmployee: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Erasure"];
            };
        };
        responses: {
            /** @description Erased, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.erase` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    assignBadge: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBadge"];
            };
        };
        responses: {
            /** @description The person held it already */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            /** @description Given */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    withdrawBadge: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description Badge: card-<bits>-<hex> or number-<text>, at most 64 characters */
                badge: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BadgeWithdrawal"];
            };
        };
        responses: {
            /** @description Withdrawn, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Employee"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listBadges: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description The badge's key begins so */
                search?: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId?: string;
                /** @description Only those in this state */
                state?: "held" | "returned" | "all";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["BadgeHolding"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPeople"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showBadge: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Badge: card-<bits>-<hex> or number-<text>, at most 64 characters */
                badge: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The badge */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BadgeHolder"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPeople"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listPresence: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
                /** @description Instead of `Accept`. Files go to the end of the filter, whatever `limit` says */
                format?: "json" | "csv" | "xlsx";
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Presence"][];
                        next: string | null;
                    };
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listTimesheets: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId?: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site?: string;
                /** @description The first day, or from which instant on */
                from?: string;
                /** @description The last day, or up to which instant */
                to?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
                /** @description Instead of `Accept`. Files go to the end of the filter, whatever `limit` says */
                format?: "json" | "csv" | "xlsx" | "pdf";
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Timesheet"][];
                        next: string | null;
                    };
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/pdf": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showTimesheet: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description The day, as a civil date of its site */
                date: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workday */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timesheet"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listPunches: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId?: string;
                /** @description ISO 8601 with offset */
                from?: string;
                /** @description ISO 8601 with offset */
                to?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
                /** @description Instead of `Accept`. Files go to the end of the filter, whatever `limit` says */
                format?: "json" | "csv" | "xlsx";
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Punch"][];
                        next: string | null;
                    };
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listQuarantine: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Only those in this state */
                state?: "waiting" | "assigned" | "rejected" | "all";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["QuarantinedPunch"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    resolveQuarantine: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The punch, as `gateway-epoch-row` */
                punchId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuarantineResolution"];
            };
        };
        responses: {
            /** @description Resolved */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuarantinedPunch"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionQuarantine"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    rejectQuarantine: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The punch, as `gateway-epoch-row` */
                punchId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuarantineRejection"];
            };
        };
        responses: {
            /** @description Rejected */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuarantinedPunch"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionQuarantine"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listAlarms: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["GatewayAlarm"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionFleet"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listRevisions: {
        parameters: {
            query?: {
                /** @description How many at most */
                limit?: number;
                /** @description Only revisions lower than this */
                before?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description The day, as a civil date of its site */
                date: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revisions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WorkdayRevision"][];
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    verifyTimesheets: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Verification"];
            };
        };
        responses: {
            /** @description Confirmed */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationResult"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.correct` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listCorrections: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Only those in this state */
                state?: "pending" | "approved" | "rejected";
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Correction"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    requestCorrections: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCorrection"];
            };
        };
        responses: {
            /** @description What it would change */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorrectionPreview"];
                };
            };
            /** @description Asked for, now or before */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Correction"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.correct` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showCorrection: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Correction"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showCorrectionEffect: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What it would change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorrectionPreview"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    previewCorrections: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCorrection"];
            };
        };
        responses: {
            /** @description Every item with its result, every day that would change */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorrectionWeighed"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.correct` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    withdrawCorrection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectionWithdrawal"];
            };
        };
        responses: {
            /** @description Taken back */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Correction"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.correct` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listExceptions: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description The first day, or from which instant on */
                from?: string;
                /** @description The last day, or up to which instant */
                to?: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site?: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId?: string;
                /** @description Of which kind */
                kind?: "missing-in" | "missing-out" | "missing-lunch-start" | "missing-lunch-end" | "missing-break-start" | "missing-break-end" | "assumed-out" | "absent" | "not-yet-in" | "unscheduled" | "in-early" | "in-late" | "out-early" | "out-late" | "core-time-missed" | "over-schedule" | "under-schedule" | "over-schedule-week" | "under-schedule-week" | "other-place" | "other-job" | "over-daily-limit" | "over-weekly-limit" | "average-week-limit" | "night-work-limit" | "rest-too-short" | "weekly-rest-too-short" | "consecutive-days-limit" | "shift-too-long" | "lunch-long" | "lunch-short" | "lunch-missed" | "lunch-late" | "lunch-too-many" | "lunch-too-few" | "break-long" | "break-short" | "break-missed" | "break-late" | "break-too-many" | "break-too-few" | "repeat" | "too-many-punches" | "clock-skew" | "impossible-time" | "unknown-badge" | "unknown-direction" | "outside-geofence" | "biometric-override" | "check-in-due" | "no-assignment" | "place-not-allowed" | "job-not-allowed" | "job-complete" | "job-missing" | "overtime-unapproved" | "approval-lapsed" | "not-verified" | "verification-lapsed" | "absence-conflict" | "roster-invalid" | "correction-unknown-punch" | "correction-conflict" | "correction-reorders" | "correction-impossible" | "site-offline" | "rule-fault";
                /** @description Only what is as serious as this */
                severity?: "info" | "warning" | "error" | "blocking";
                /** @description `open`: premature and active */
                state?: "premature" | "active" | "reviewed" | "resolved" | "open" | "all";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
                /** @description Instead of `Accept`. Files go to the end of the filter, whatever `limit` says */
                format?: "json" | "csv" | "xlsx";
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Exception"][];
                        next: string | null;
                    };
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    summariseExceptions: {
        parameters: {
            query?: {
                /** @description The first day, or from which instant on */
                from?: string;
                /** @description The last day, or up to which instant */
                to?: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site?: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId?: string;
                /** @description Of which kind */
                kind?: "missing-in" | "missing-out" | "missing-lunch-start" | "missing-lunch-end" | "missing-break-start" | "missing-break-end" | "assumed-out" | "absent" | "not-yet-in" | "unscheduled" | "in-early" | "in-late" | "out-early" | "out-late" | "core-time-missed" | "over-schedule" | "under-schedule" | "over-schedule-week" | "under-schedule-week" | "other-place" | "other-job" | "over-daily-limit" | "over-weekly-limit" | "average-week-limit" | "night-work-limit" | "rest-too-short" | "weekly-rest-too-short" | "consecutive-days-limit" | "shift-too-long" | "lunch-long" | "lunch-short" | "lunch-missed" | "lunch-late" | "lunch-too-many" | "lunch-too-few" | "break-long" | "break-short" | "break-missed" | "break-late" | "break-too-many" | "break-too-few" | "repeat" | "too-many-punches" | "clock-skew" | "impossible-time" | "unknown-badge" | "unknown-direction" | "outside-geofence" | "biometric-override" | "check-in-due" | "no-assignment" | "place-not-allowed" | "job-not-allowed" | "job-complete" | "job-missing" | "overtime-unapproved" | "approval-lapsed" | "not-verified" | "verification-lapsed" | "absence-conflict" | "roster-invalid" | "correction-unknown-punch" | "correction-conflict" | "correction-reorders" | "correction-impossible" | "site-offline" | "rule-fault";
                /** @description Only what is as serious as this */
                severity?: "info" | "warning" | "error" | "blocking";
                /** @description `open`: premature and active */
                state?: "premature" | "active" | "reviewed" | "resolved" | "open" | "all";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExceptionSummary"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    reviewExceptions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExceptionReview"];
            };
        };
        responses: {
            /** @description What became of each */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExceptionReviewResult"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.approve` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showCompleteness: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far the site is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteCompleteness"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    explainTimesheet: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description The day, as a civil date of its site */
                date: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The day and all it rests on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkdayExplanation"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listPolicyGroups: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Of which kind */
                kind?: "group" | "preset" | "all";
                /** @description `all`: also presets nobody uses */
                presets?: "used" | "all";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PolicyGroupSummary"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionRules"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showPolicyGroup: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description By its name */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyGroup"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionRules"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listRuleAssignments: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Only those that hold on this date */
                on?: string;
                /** @description Only those that use this policy group */
                group?: string;
                /** @description The later lies over the earlier */
                level?: "everyone" | "site" | "group" | "person";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, in the order of the book */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RuleAssignment"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `rules.read` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, by group */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Schedule"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionRules"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showPersonRules: {
        parameters: {
            query: {
                /** @description The day, as a civil date */
                on: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonRules"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showPersonSchedule: {
        parameters: {
            query: {
                /** @description The first day, or from which instant on */
                from: string;
                /** @description The last day, or up to which instant */
                to: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plan */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonSchedule"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    checkRules: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RuleBookToCheck"];
            };
        };
        responses: {
            /** @description Every fault, with its place */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleBookCheck"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionRules"];
            409: components["responses"]["TheFirstRequestWithThisIdempotencyKeyIsStillUnderWay"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    previewRules: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RulesToPreview"];
            };
        };
        responses: {
            /** @description Day by day */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesPreview"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["TheFirstRequestWithThisIdempotencyKeyIsStillUnderWay"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showLeaveCalendar: {
        parameters: {
            query: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
                /** @description The first day, or from which instant on */
                from: string;
                /** @description The last day, or up to which instant */
                to: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The calendar */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeaveCalendar"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionLeave"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listSiteHolidays: {
        parameters: {
            query?: {
                /** @description Default: this year */
                year?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By date */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteHolidays"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionLeave"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showLeaveAccount: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
                /** @description Instead of `Accept`. Files go to the end of the filter, whatever `limit` says */
                format?: "json" | "csv" | "xlsx";
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The accounts; the ETag is their version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeaveAccount"];
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionLeave"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    adjustLeaveAccount: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeaveAdjustment"];
            };
        };
        responses: {
            /** @description Posted, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeaveAccount"];
                };
            };
            400: components["responses"]["NoIdempotencyKey"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `leave.adjust` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listLeave: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId?: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                departmentId?: string;
                /** @description Only those with this status */
                status?: "requested" | "approved" | "rejected" | "cancelled";
                /** @description Only those with this code */
                code?: string;
                /** @description Only leave that ends on this day or later */
                from?: string;
                /** @description Only leave that begins on this day or before */
                to?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Leave"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionLeave"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    requestLeave: {
        parameters: {
            query?: {
                /** @description Given and not `false`: as in the body */
                preview?: string;
            };
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewLeave"];
            };
        };
        responses: {
            /** @description Asked for before under this key; or the preview */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leave"] | components["schemas"]["LeavePreview"];
                };
            };
            /** @description Asked for */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leave"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `leave.request` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showLeave: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                leaveId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The leave; the ETag is its version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leave"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionLeave"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    cancelLeave: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                leaveId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeaveCancellation"];
            };
        };
        responses: {
            /** @description Cancelled, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leave"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `leave.request` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listApprovalRequests: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description What the caller may decide now, what the caller asked for, or everything */
                box?: "to-decide" | "opened" | "all";
                /** @description Of which kind */
                kind?: "overtime" | "leave" | "correction" | "pay-run";
                /** @description Only those with this status */
                status?: "pending" | "approved" | "rejected" | "withdrawn";
                /** @description Only what is about this person */
                employeeId?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApprovalRequest"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showApprovalRequest: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalRequest"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    approveRequest: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalDecision"];
            };
        };
        responses: {
            /** @description Decided, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalRequest"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.approve` or `pay.approve` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    rejectRequest: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalDecision"];
            };
        };
        responses: {
            /** @description Decided, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalRequest"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.approve` or `pay.approve` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    decideRequests: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalDecisions"];
            };
        };
        responses: {
            /** @description A result for each, in the order asked */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        results: {
                            /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                            requestId: string;
                            isDecided: boolean;
                            /** @description Of the request now; null = none such */
                            status: ("pending" | "approved" | "rejected" | "withdrawn") | null;
                            /** @description Why it was refused */
                            code: string | null;
                            detail: string | null;
                        }[];
                    };
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.approve` or `pay.approve` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listDelegations: {
        parameters: {
            query?: {
                /** @description By this person or to them */
                employeeId?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that have not run out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Delegation"][];
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    delegate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDelegation"];
            };
        };
        responses: {
            /** @description Set, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delegation"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.approve` or `pay.approve` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    endDelegation: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the record as read; without it, 428 */
                "If-Match": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                delegateId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.approve` or `pay.approve` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            428: components["responses"]["IfMatchIsMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId?: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                target?: string;
                /** @description Only what went this way */
                channel?: "email" | "sms" | "webhook" | "in-app";
                /** @description Only messages made of this template */
                template?: string;
                /** @description Only those with this status */
                status?: "waiting" | "claimed" | "sent" | "will-retry" | "gave-up" | "uncertain" | "suppressed";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Notification"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionMessages"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    summariseNotifications: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By channel and status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @enum {string} */
                            channel: "email" | "sms" | "webhook" | "in-app";
                            /** @enum {string} */
                            status: "waiting" | "claimed" | "sent" | "will-retry" | "gave-up" | "uncertain" | "suppressed";
                            count: number;
                        }[];
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionMessages"];
            406: components["responses"]["NotOfferedInThatForm"];
            /** @description The request does not fit the schema */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showNotification: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                notificationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notification"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionMessages"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    resendNotification: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                notificationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It waits to be sent */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notification"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `messages.manage` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listMyNotifications: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description true: only unread ones */
                unread?: "true" | "false";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page; empty for a key that acts for nobody */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ShownNotification"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["TheKeyLacksTheScope"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    markNotificationRead: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                notificationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Read, now or before */
            204: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["TheCallerMayNotDoThis"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showNotificationPreferences: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was set; the ETag is their version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPreferences"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `messages.choose` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    setNotificationPreferences: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the record as read; without it, 428 */
                "If-Match": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNotificationPreferences"];
            };
        };
        responses: {
            /** @description Set, now or before */
            200: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPreferences"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `messages.choose` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            428: components["responses"]["IfMatchIsMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listNotificationTemplates: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All kinds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["NotificationKind"][];
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionMessages"];
            406: components["responses"]["NotOfferedInThatForm"];
            /** @description The request does not fit the schema */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    previewNotificationTemplate: {
        parameters: {
            query?: {
                /** @description BCP 47 */
                locale?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Of which kind */
                kind: "welcome" | "overtime-to-approve" | "leave-to-approve" | "correction-to-approve" | "pay-run-to-approve" | "escalation" | "overtime-decided" | "leave-decided" | "correction-decided" | "pay-estimated" | "payslip-ready" | "payment-sent" | "gateway-alarm" | "dead-letters" | "delivery-uncertain" | "webhook-disabled";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it would be sent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        subject: string;
                        text: string;
                        html: string;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionMessages"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showPayAccount: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayAccount"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPay"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    putPayAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the record as read; left out for one that is not there yet */
                "If-Match"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPayAccount"];
            };
        };
        responses: {
            /** @description Holds from that day on */
            200: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayAccount"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `pay.prepare` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            428: components["responses"]["IfMatchIsMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listPayRuns: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                payGroup?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PayRun"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPay"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    openPayRun: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPayRun"];
            };
        };
        responses: {
            /** @description It was open already */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayRun"];
                };
            };
            /** @description Opened */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayRun"];
                };
            };
            400: components["responses"]["NoIdempotencyKey"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `pay.prepare` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showPayRun: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayRunDetails"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPay"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listPayResults: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
                /** @description Instead of `Accept`. Files go to the end of the filter, whatever `limit` says */
                format?: "json" | "csv" | "xlsx";
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, by person */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PayResult"][];
                        next: string | null;
                    };
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPay"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    calculatePayRun: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Under way */
            202: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayRun"];
                };
            };
            400: components["responses"]["NoIdempotencyKey"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `pay.prepare` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    submitPayRun: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                runId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PayRunSubmission"];
            };
        };
        responses: {
            /** @description Submitted */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayRun"];
                };
            };
            400: components["responses"]["NoIdempotencyKey"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `pay.prepare` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    exportPayRun: {
        parameters: {
            query: {
                /** @description How the file is laid out */
                layout: "csv-detail" | "csv-summary" | "adp" | "paychex" | "quickbooks" | "datev";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPay"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showPaymentFile: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                runId: string;
                /** @description Of which kind */
                kind: "sepa" | "nacha" | "csv";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPay"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listPayslips: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The latest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Payslip"][];
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `pay.read` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showPayslip: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payslip */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `pay.read` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    calculateSalary: {
        parameters: {
            query: {
                /** @description As the pay group's calendar names it */
                period: string;
                /** @description Left out: the one the person belongs to at the end of the period */
                payGroup?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The salary */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Salary"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `pay.read` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    explainPayslip: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every line with its sources */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PayslipExplanation"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `pay.read` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listPayAdjustments: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description By day */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PayAdjustment"][];
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `pay.read` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listDocuments: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Of which kind */
                kind?: "payslip" | "payment-file" | "payroll-export" | "report" | "attachment";
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Document"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionDocuments"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    uploadDocument: {
        parameters: {
            query?: {
                /** @description Whom it is about; left out: the caller, or the company where that is nobody */
                employeeId?: string;
            };
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/pdf": string;
                "image/png": string;
                "image/jpeg": string;
                "image/webp": string;
                "image/heic": string;
                "text/plain": string;
                "text/csv": string;
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document": string;
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Stored */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description No file */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `documents.store` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            /** @description More than 10 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not a kind of file that is taken */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showDocument: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionDocuments"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    deleteDocument: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the record as read; without it, 428 */
                "If-Match": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `documents.store` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            428: components["responses"]["IfMatchIsMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    documentContent: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                documentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, as the media type that they were stored as */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                    "image/png": string;
                    "image/jpeg": string;
                    "image/webp": string;
                    "image/heic": string;
                    "text/plain": string;
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/xml": string;
                    "application/octet-stream": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionDocuments"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listReports: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Report"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionReports"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    requestReport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewReport"];
            };
        };
        responses: {
            /** @description It will be made */
            202: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionReports"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showReport: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                reportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionReports"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listArrivalWindows: {
        parameters: {
            query: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site?: string;
                /** @description ISO 8601 with offset; the window it lies in is the first */
                from: string;
                /** @description Excluded: the last window begins before it; at most 31 days on */
                to: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ArrivalWindow"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listOvertimeByWeek: {
        parameters: {
            query: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                departmentId?: string;
                /** @description The first day, or from which instant on */
                from: string;
                /** @description Included; at most 371 days after `from` */
                to: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The weeks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WeekOfOvertime"][];
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listLateRates: {
        parameters: {
            query: {
                /** @description What is counted together */
                by?: "site" | "department";
                /** @description Where the day's first check-in was, or else where the person belongs */
                site?: string;
                /** @description As of the day */
                departmentId?: string;
                /** @description The first day, or from which instant on */
                from: string;
                /** @description Included; at most 62 days after `from` */
                to: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The days on which somebody was due */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        by: "site" | "department";
                        items: components["schemas"]["LateRate"][];
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Webhook"][];
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            406: components["responses"]["NotOfferedInThatForm"];
            /** @description The request does not fit the schema */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uri
                     * @description https://…; no user or password in it
                     */
                    url: string;
                    /**
                     * @description Event types, or groups of them such as `attendance.*`; `*` = all
                     * @example [
                     *       "attendance.*",
                     *       "leave.leave.approved"
                     *     ]
                     */
                    types: components["schemas"]["WebhookEventPattern"][];
                    /**
                     * @description Only events that happened at one of these, or are about somebody at home there
                     * @default null
                     */
                    sites?: string[] | null;
                    /** @default  */
                    description?: string;
                };
            };
        };
        responses: {
            /** @description The endpoint and its secret */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showWebhook: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the record as read; without it, 428 */
                "If-Match": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            428: components["responses"]["IfMatchIsMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the record as read; without it, 428 */
                "If-Match": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: uri
                     * @description https://…; no user or password in it
                     */
                    url?: string;
                    /**
                     * @description Event types, or groups of them such as `attendance.*`; `*` = all
                     * @example [
                     *       "attendance.*",
                     *       "leave.leave.approved"
                     *     ]
                     */
                    types?: components["schemas"]["WebhookEventPattern"][];
                    sites?: string[] | null;
                    description?: string;
                };
                "application/merge-patch+json": {
                    /**
                     * Format: uri
                     * @description https://…; no user or password in it
                     */
                    url?: string;
                    /**
                     * @description Event types, or groups of them such as `attendance.*`; `*` = all
                     * @example [
                     *       "attendance.*",
                     *       "leave.leave.approved"
                     *     ]
                     */
                    types?: components["schemas"]["WebhookEventPattern"][];
                    sites?: string[] | null;
                    description?: string;
                };
            };
        };
        responses: {
            /** @description Changed, or already so */
            200: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            428: components["responses"]["IfMatchIsMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint and its new secret */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    enableWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description now = what was stored meanwhile is not sent; what waited for another try is
                     * @default where-it-stopped
                     * @enum {string}
                     */
                    from?: "where-it-stopped" | "now";
                };
            };
        };
        responses: {
            /** @description Switched on, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    disableWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Switched off, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    replayWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description ISO 8601 with offset
                     */
                    from: string;
                };
            };
        };
        responses: {
            /** @description It begins there again */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Only those with this status */
                status?: "pending" | "delivered" | "failed";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WebhookDelivery"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    redeliverWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                webhookId: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent at once */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listAuditEntries: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Such as an employee, request or run */
                aggregate?: string;
                /** @description Event type, such as leave.leave.approved */
                type?: string;
                /** @description The part that wrote it */
                source?: string;
                /** @description The events' stream */
                stream?: string;
                /** @description All that one request set off */
                correlation?: string;
                /** @description ISO 8601 with offset */
                from?: string;
                /** @description Excluded */
                to?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionAudit"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showAuditEntry: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Number of the entry in the log */
                entry: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntry"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionAudit"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showAuditChange: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Number of the entry in the log */
                entry: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Before and after */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditChange"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionAudit"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    auditHead: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The head */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditHead"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionAudit"];
            406: components["responses"]["NotOfferedInThatForm"];
            /** @description The request does not fit the schema */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    auditInclusionProof: {
        parameters: {
            query?: {
                /** @description Of the log; left out: as it is now */
                size?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Number of the entry in the log */
                entry: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditInclusionProof"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionAudit"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    auditConsistencyProof: {
        parameters: {
            query: {
                /** @description Size of the earlier log */
                first: number;
                /** @description Size of the later one; left out: as it is now */
                second?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditConsistencyProof"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionAudit"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Only those with this status */
                status?: "active" | "disabled" | "erased";
                /** @description Only those with this role */
                role?: "viewer" | "employee" | "supervisor" | "site-manager" | "hr" | "payroll" | "pay-approver" | "admin" | "auditor";
                /** @description Only the account with this address */
                email?: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                employeeId?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["User"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description It is there, just so */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Made */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showUser: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the record as read; without it, 428 */
                "If-Match": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPatch"];
                "application/merge-patch+json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description Changed */
            200: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            428: components["responses"]["IfMatchIsMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    setUserGrants: {
        parameters: {
            query?: never;
            header: {
                /** @description The `ETag` of the record as read; without it, 428 */
                "If-Match": string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    grants: components["schemas"]["Grant"][];
                };
            };
        };
        responses: {
            /** @description Set */
            200: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            428: components["responses"]["IfMatchIsMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    disableUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Disabled, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    enableUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Enabled, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showMe: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["TheKeyLacksTheScope"];
            406: components["responses"]["NotOfferedInThatForm"];
            /** @description The request does not fit the schema */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKey"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    issueApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description Issued */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShownApiKey"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showApiKey: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    rotateApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description How long the key before goes on to open, so that its holder can change over
                     * @default 0
                     */
                    graceSeconds?: number;
                };
            };
        };
        responses: {
            /** @description The new one */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShownApiKey"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionIdentity"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["ARuleSaidNo"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showOperation: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description What runs and its id, as `Location` of the 202 named it */
                operationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The operation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `pay.read` or `reports.request` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    changeEmployees: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    items: {
                        /** @enum {string} */
                        operation: "create" | "change" | "assign-badge";
                        /** @description Id of what the item is about, where its path names one */
                        target?: string;
                        /** @description Version that was read, where a change needs it */
                        ifMatch?: number;
                        /** @description As for the request that the item stands for */
                        body: {
                            [key: string]: unknown;
                        };
                    }[];
                };
            };
        };
        responses: {
            /** @description A result for each item, in the order sent */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `people.write` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["TheFirstRequestWithThisIdempotencyKeyIsStillUnderWay"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    requestManyCorrections: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    items: {
                        /** @enum {string} */
                        operation: "request";
                        /** @description Id of what the item is about, where its path names one */
                        target?: string;
                        /** @description Version that was read, where a change needs it */
                        ifMatch?: number;
                        /** @description As for the request that the item stands for */
                        body: {
                            [key: string]: unknown;
                        };
                    }[];
                };
            };
        };
        responses: {
            /** @description A result for each item, in the order sent */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `time.correct` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["TheFirstRequestWithThisIdempotencyKeyIsStillUnderWay"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    adjustLeaveAccounts: {
        parameters: {
            query?: never;
            header: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    items: {
                        /** @enum {string} */
                        operation: "adjust";
                        /** @description Id of what the item is about, where its path names one */
                        target?: string;
                        /** @description Version that was read, where a change needs it */
                        ifMatch?: number;
                        /** @description As for the request that the item stands for */
                        body: {
                            [key: string]: unknown;
                        };
                    }[];
                };
            };
        };
        responses: {
            /** @description A result for each item, in the order sent */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            400: components["responses"]["NoIdempotencyKey"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `leave.adjust` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["TheFirstRequestWithThisIdempotencyKeyIsStillUnderWay"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description The consumer that gave up, or the reaction that it is a share of */
                consumer?: string;
                /** @description The events' stream */
                stream?: string;
                /** @description Only those with this code */
                code?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeadLetter"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `platform.read` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showDeadLetter: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description The dead letter, by its sequence among them */
                letter: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The dead letter */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterShown"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `platform.read` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    retryDeadLetters: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeadLetterRetry"];
            };
        };
        responses: {
            /** @description What became of each */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterRetryResult"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            409: components["responses"]["TheFirstRequestWithThisIdempotencyKeyIsStillUnderWay"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    retryDeadLetter: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The dead letter, by its sequence among them */
                letter: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What became of it */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterRetried"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["TheFirstRequestWithThisIdempotencyKeyIsStillUnderWay"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listBridges: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Only feeds to this broker */
                destination?: string;
                /** @description Only feeds that are well, or not */
                isWell?: "true" | "false";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["BridgeFeed"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `platform.read` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listStreams: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Of which kind */
                kind?: "clock" | "events" | "queue" | "dead-letters" | "bucket" | "objects";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Stream"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `platform.read` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showStream: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description The events' stream */
                stream: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stream"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `platform.read` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NoSuchRecord"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listReadModels: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description By its name */
                name?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ReadModel"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `platform.read` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    rebuildReadModel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description By its name */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asked for */
            202: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadModelRebuild"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionPlatform"];
            404: components["responses"]["NoSuchRecord"];
            409: components["responses"]["TheFirstRequestWithThisIdempotencyKeyIsStillUnderWay"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showLeases: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who does what */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leases"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `platform.read` for the whole company */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            /** @description The request does not fit the schema */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listSites: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Site"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionFleet"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showSite: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The site */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionFleet"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showMuster: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description `present`: in or on a break */
                state?: "in" | "break" | "elsewhere" | "on-leave" | "out" | "never-seen" | "present" | "all";
                /** @description In for longer than this is marked: a punch may be missing */
                longAfterHours?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
                /** @description Instead of `Accept`. Files go to the end of the filter, whatever `limit` says */
                format?: "json" | "csv" | "xlsx" | "pdf";
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Muster"];
                    "text/csv": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/pdf": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    downloadMuster: {
        parameters: {
            query?: {
                /** @description In for longer than this is marked: a punch may be missing */
                longAfterHours?: number;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listGateways: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Gateway"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionFleet"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    showGateway: {
        parameters: {
            query?: {
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                gateway: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The gateway */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Gateway"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionFleet"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    registerGateway: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the record as read; left out for one that is not there yet */
                "If-Match"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                gateway: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GatewayRegistration"];
            };
        };
        responses: {
            /** @description Changed, or already so */
            200: {
                headers: {
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Gateway"];
                };
            };
            /** @description Registered */
            201: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Gateway"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `fleet.manage` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            428: components["responses"]["IfMatchIsMissing"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    revokeGateway: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
                /**
                 * @description The `ETag` of the record as it was read; without it, a record that exists is not changed
                 * @example "7"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                gateway: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked, now or before */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Gateway"];
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `fleet.manage` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["TheFirstRequestWithThisIdempotencyKeyIsStillUnderWay"];
            412: components["responses"]["TheRecordHasChangedSinceItWasRead"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    listReaders: {
        parameters: {
            query?: {
                /** @description Opaque and signed, good for this list with these filters: `next` of the page before; left out or empty for the first page */
                cursor?: string;
                /** @description Items per page */
                limit?: number;
                /** @description Only those in this state */
                state?: "starting" | "online" | "offline" | "fault";
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                gateway: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, by name; empty until it is heard */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Reader"][];
                        next: string | null;
                    };
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionFleet"];
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
        };
    };
    commandGateway: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the caller's making, one for each request. A repeat with it has no second effect and gets the same answer, for 24 h */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                site: string;
                /** @description Identifier: 1 to 64 characters of A-Z a-z 0-9 _ - */
                gateway: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GatewayCommand"];
            };
        };
        responses: {
            /** @description What the gateway answered */
            200: {
                headers: {
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayCommandAnswer"];
                };
            };
            /** @description The rows will come */
            202: {
                headers: {
                    /** @description Where it is */
                    Location?: string;
                    /** @description Seconds to wait */
                    "Retry-After"?: string;
                    /** @description `true` on a kept answer to a repeat */
                    "Idempotency-Replayed"?: string;
                    /** @description What it led to, for `minVersion` of reads */
                    "Clockleaf-Version"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayCommandAnswer"];
                };
            };
            400: components["responses"]["NoBody"];
            401: components["responses"]["NoValidAPIKey"];
            /** @description No permission `fleet.manage` anywhere */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such record, or none within reach */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["ARuleSaidNo"];
            413: components["responses"]["TheBodyIsTooLarge"];
            415: components["responses"]["TheBodyIsOfATypeThatIsNotTakenHere"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            503: components["responses"]["TheEventStoreIsOutOfReach"];
            /** @description The gateway did not answer in time */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followEvents: {
        parameters: {
            query?: {
                /** @description Event types, separated by commas; all if left out */
                types?: string;
                /** @description Only events that happened at this site */
                site?: string;
                /** @description Not older than this, as `Clockleaf-Version` of an answer said: waited for, else 503 */
                minVersion?: string;
            };
            header?: {
                /** @description Where to go on from; without it, only what is new */
                "last-event-id"?: string;
                /** @description `wait=N` (RFC 7240): wait up to N seconds, at most 10, for what was stored before */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An endless stream of `{streamSeq, metadata, data}` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            401: components["responses"]["NoValidAPIKey"];
            403: components["responses"]["NoPermissionTime"];
            406: components["responses"]["NotOfferedInThatForm"];
            422: components["responses"]["TheRequestDoesNotFitTheSchema"];
            429: components["responses"]["TooManyRequests"];
            431: components["responses"]["TheAddressAndHeadersAreTooLarge"];
            500: components["responses"]["AFaultOfOurs"];
            /** @description Too many clients */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
